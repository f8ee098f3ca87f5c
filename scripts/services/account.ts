import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { PlainError } from './plainError.ts'

export interface Account {
  name: string
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root. `nobody` is there on every system, where `postgres` may not be. */
const candidates = ['postgres', 'nobody']

/**
 * The account that PostgreSQL runs under: none when this process is not root (it runs as we do). A folder that has an
 * owner already keeps it, so a later start does not meet files of somebody else.
 */
export function databaseAccount(existingFolder?: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readAccounts()
  const owner = existingFolder ? statSync(existingFolder).uid : 0
  const found =
    (owner !== 0 ? accounts.find((account) => account.uid === owner) : undefined) ??
    candidates.map((name) => accounts.find((account) => account.name === name)).find(Boolean)
  if (!found) {
    throw new PlainError(
      'PostgreSQL cannot run as root, and there is no user `postgres`: add one with `useradd postgres`.',
    )
  }
  return found
}

/** True when the account can go into the folder (all its parents let it through). */
export function canEnter(folder: string, account: Account | undefined): boolean {
  if (!account) return true
  const { uid, gid } = account
  return spawnSync('test', ['-x', folder], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0
}

function readAccounts(): Account[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}
