import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder that holds package.json. */
export const root = join(import.meta.dir, '..')

const stamp = join(root, 'node_modules', '.baton-installed')

/**
 * Installs the packages of bun.lock when they are not there, or not those. It imports nothing but built-ins: on a
 * fresh clone it runs before node_modules exists, so every script calls it before it imports the rest.
 */
export async function installPackages(): Promise<void> {
  const wanted = lockHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  const startedAt = performance.now()
  console.log('  … packages: installing those of bun.lock')
  const install = Bun.spawn([process.execPath, 'install', '--frozen-lockfile'], {
    cwd: root,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [output, errors, code] = await Promise.all([
    new Response(install.stdout).text(),
    new Response(install.stderr).text(),
    install.exited,
  ])
  if (code !== 0) {
    console.error(`${output}${errors}`.trim())
    console.error('The packages could not be installed: see the lines above, then try again.')
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
  console.log(`  ✓ packages · ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  beginAgain()
}

/**
 * Becomes the same program again. Bun keeps from its start what folders there were, so in a process that began without
 * node_modules the packages are not found (or, with auto-install, are taken from a cache where they are not set up).
 */
function beginAgain(): never {
  process.execve?.(
    process.execPath,
    [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    process.env,
  )
  console.log('The packages are installed. Run the same command once more.')
  process.exit(1)
}

/** A hash, not a time: a checkout or a copy gives every file a new time, and the packages are still right. */
function lockHash(): string {
  const hash = createHash('sha256')
  for (const name of ['package.json', 'bun.lock']) hash.update(readFileSync(join(root, name)))
  return hash.digest('hex')
}
