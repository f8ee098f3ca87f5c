import { existsSync } from 'node:fs'
import { canInstallPackages, installPackage } from './debianPackage.ts'
import { PlainError } from './plainError.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const applications = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

const howToGetIt = `The browser tests need Chromium, and there is none on this machine. To get it:
  Debian   sudo apt-get install chromium
  macOS    brew install --cask google-chrome
  or set CHROMIUM_PATH to one that is there.`

/** The path of a Chromium or Chrome, undefined when the machine has none. */
export function installedChromium(): string | undefined {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  return (
    names.map((name) => Bun.which(name)).find((path) => path !== null) ??
    applications.find((path) => existsSync(path))
  )
}

/** The path of Chromium, installed first when the machine has none and allows it. */
export async function findChromium(say: (what: string) => void = () => {}): Promise<string> {
  const found = installedChromium()
  if (found) return found
  if (!canInstallPackages()) throw new PlainError(howToGetIt)
  say("installing Debian's package chromium (about a minute)")
  if (!(await installPackage('chromium', { why: 'The browser tests need Chromium.' })))
    throw new PlainError(howToGetIt)
  const fresh = installedChromium()
  if (!fresh) throw new PlainError(howToGetIt)
  return fresh
}
