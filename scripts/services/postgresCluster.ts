import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Account } from './account.ts'
import { PlainError } from './plainError.ts'
import { databaseEnvironment } from './postgresSettings.ts'

export const databaseOwner = 'baton'

/** Its password lies in the cluster's own folder, so the two can never be parted. */
const passwordFile = 'baton.password'

/**
 * Makes a cluster: beside its place first, then renamed into it, so one that a hard kill cut short is never taken for
 * whole. Text compares by code point, but upper and lower case are Unicode's: a search for `josé` finds `JOSÉ`.
 */
export function makeCluster(
  folder: string,
  initdb: string,
  account: Account | undefined,
  isDurable: boolean,
): void {
  removeHalfMade(folder)
  const making = `${folder}.making-${process.pid}`
  const password = randomBytes(18).toString('base64url')
  const passwordPath = `${making}.password`
  mkdirSync(making, { mode: 0o700 })
  writeFileSync(passwordPath, password, { mode: 0o600 })
  if (account) for (const path of [making, passwordPath]) chownSync(path, account.uid, account.gid)
  const args = [
    ...['--pgdata', making, '--username', databaseOwner, '--pwfile', passwordPath],
    ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-instructions'],
    ...['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...(isDurable ? [] : ['--no-sync']),
  ]
  const { status, stderr, error } = spawnSync(initdb, args, {
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    cwd: '/',
    env: databaseEnvironment(),
    encoding: 'utf8',
  })
  if (status !== 0) {
    removeHalfMade(folder)
    throw new PlainError(
      `PostgreSQL could not make its folder ${folder}:\n${error?.message ?? stderr.trim()}`,
    )
  }
  renameSync(passwordPath, join(making, passwordFile))
  renameSync(making, folder)
}

/** The password of the owner, as it was made with the cluster. */
export function clusterPassword(folder: string): string {
  return readFileSync(join(folder, passwordFile), 'utf8').trim()
}

function removeHalfMade(folder: string): void {
  const prefix = `${basename(folder)}.making-`
  for (const name of readdirSync(dirname(folder))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(folder), name), { recursive: true, force: true })
  }
}
