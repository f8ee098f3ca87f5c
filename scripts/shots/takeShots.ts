import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { root } from '../install.ts'
import { findChromium } from '../services/chromium.ts'
import { COLLEAGUES } from './colleagues.ts'
import { INBOX } from './inbox.ts'
import { DEAD_LETTERS } from './letters.ts'
import { LIST } from './list.ts'
import { SENDING } from './sending.ts'
import { SETTINGS } from './settings.ts'
import { type Shot, SIZES, type Size, THEMES, type Theme } from './shot.ts'
import { WORK } from './work.ts'
import { WRITING } from './writing.ts'

const SHOTS: Shot[] = [
  ...INBOX,
  ...LIST,
  ...WORK,
  ...SENDING,
  ...WRITING,
  ...COLLEAGUES,
  ...SETTINGS,
  ...DEAD_LETTERS,
]
const EMAIL = 'ana@demo.baton'
const ADMINISTRATOR = 'carla@demo.baton'
const COLLEAGUE = 'ben@demo.baton'
const PASSWORD = 'baton-demo'
const FOLDER = join(root, 'docs/shots')

/** Takes the pictures whose names begin with `prefix`, of the running demo at `url`. */
export async function takeShots(url: string, prefix: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: await findChromium(console.log),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  })
  mkdirSync(FOLDER, { recursive: true })
  const [agents, administrators, colleagues] = await Promise.all([
    signedIn(browser, url, EMAIL),
    signedIn(browser, url, ADMINISTRATOR),
    signedIn(browser, url, COLLEAGUE),
  ])
  let count = 0
  for (const shot of SHOTS.filter(({ name }) => name.startsWith(prefix))) {
    for (const size of shot.only ?? (Object.keys(SIZES) as Size[])) {
      for (const theme of THEMES) {
        const page = await window(browser, size, theme)
        if (shot.as !== 'nobody')
          await page.context().addCookies(shot.as === 'administrator' ? administrators : agents)
        await page.goto(url)
        if (shot.as !== 'nobody')
          await page.locator('[data-conversation]').first().waitFor({ state: 'attached' })
        const beside: Page[] = []
        await shot.go(page, url, async () => {
          const colleague = await window(browser, '1440', theme)
          beside.push(colleague)
          await colleague.context().addCookies(colleagues)
          await colleague.goto(url)
          return colleague
        })
        // Menus and banners take a moment to arrive; pictures of them should not catch them on the way.
        await page.waitForTimeout(350)
        const file = `${shot.name}-${size}-${theme}.png`
        await page.screenshot({ path: join(FOLDER, file) })
        for (const open of [page, ...beside]) await open.context().close()
        console.log(`docs/shots/${file}`)
        count += 1
      }
    }
  }
  await browser.close()
  console.log(`${count} pictures in docs/shots/.`)
}

async function window(browser: Browser, size: Size, theme: Theme): Promise<Page> {
  const isPhone = size === '390'
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: theme,
    deviceScaleFactor: 2,
    isMobile: isPhone,
    hasTouch: isPhone,
    reducedMotion: 'reduce',
  })
  return context.newPage()
}

/** One session each for all pictures: every sign-in counts towards the limit. */
async function signedIn(browser: Browser, url: string, email: string) {
  const context = await browser.newContext()
  const answer = await context.request.post(`${url}/api/auth/sign-in/email`, {
    data: { email, password: PASSWORD },
    headers: { origin: url },
  })
  if (!answer.ok())
    throw new Error(`Signing in as ${email} was answered with ${answer.status()}: is this the demo?`)
  const { cookies } = await context.storageState()
  await context.close()
  return cookies
}
