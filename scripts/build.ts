import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages, root } from './install.ts'

const web = join(root, 'web')
const built = join(web, 'build')
const stamp = join(built, '.baton-built')

/** All that the built app is made of. The server's types leave nothing in it. */
const sources = ['src/**/*', 'static/**/*', 'words/*', 'languages/*', '*.{ts,js,json}']

/** Builds the web app when what it is made of has changed since the last build. */
export async function buildWeb(): Promise<void> {
  const { step } = await import('./services/progress.ts')
  const { PlainError } = await import('./services/plainError.ts')
  const wanted = sourceHash()
  if (isFresh(wanted)) return
  await step('web app', async ({ say }) => {
    say('building')
    const build = Bun.spawn([process.execPath, '--bun', join(root, 'node_modules/.bin/vite'), 'build'], {
      cwd: web,
      env: { ...process.env, NODE_ENV: 'production' },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const [output, errors, code] = await Promise.all([
      new Response(build.stdout).text(),
      new Response(build.stderr).text(),
      build.exited,
    ])
    if (code !== 0) throw new PlainError(`The web app could not be built:\n${`${output}\n${errors}`.trim()}`)
    writeFileSync(stamp, wanted)
  })
}

function isFresh(wanted: string): boolean {
  if (!existsSync(join(built, '200.html'))) return false
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

/** Contents, not times: a checkout or a copy changes those. */
function sourceHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'bun.lock')))
  for (const pattern of sources) {
    for (const name of [...new Bun.Glob(pattern).scanSync(web)].sort()) {
      hash.update(`\n${name}\n`).update(readFileSync(join(web, name)))
    }
  }
  return hash.digest('hex')
}

if (import.meta.main) {
  await installPackages()
  const { failWith } = await import('./services/plainError.ts')
  await buildWeb().catch(failWith)
  console.log('The web app is in web/build.')
}
