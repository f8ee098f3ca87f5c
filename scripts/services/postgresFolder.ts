import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { type Account, canEnter } from './account.ts'
import { PlainError } from './plainError.ts'
import { privateFolder } from './privateFolder.ts'

export const majorVersion = '18'

/**
 * The folder that holds the cluster's folder: the instance's own. When root's database account cannot get in there (a
 * parent is closed to others, as /root and `mktemp -d` are), it is one under /var/tmp, named after that folder.
 */
export function clusterHome(dataDir: { path: string; id: string }, account: Account | undefined): string {
  if (canEnter(dataDir.path, account)) return dataDir.path
  const key = createHash('sha256').update(`${dataDir.path}\n${dataDir.id}`).digest('hex').slice(0, 16)
  return privateFolder(`/var/tmp/baton-${key}`, 0o711)
}

/**
 * What is at the cluster's path. A cluster is made beside it and then renamed, so a hard kill leaves nothing here; what
 * is there and no cluster was damaged by something else, and is put aside rather than deleted.
 */
export function inspectCluster(folder: string): 'ready' | 'absent' {
  if (!existsSync(folder)) return 'absent'
  const versionFile = join(folder, 'PG_VERSION')
  if (!existsSync(versionFile) || !existsSync(join(folder, 'global', 'pg_control'))) {
    const aside = `${folder}.unusable-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
    renameSync(folder, aside)
    console.log(
      `  ! PostgreSQL: ${folder} was no whole database. It is put aside as ${aside}, and a new one is made.`,
    )
    return 'absent'
  }
  const version = readFileSync(versionFile, 'utf8').trim()
  if (version !== majorVersion) {
    throw new PlainError(
      `${folder} was made by PostgreSQL ${version}; this is ${majorVersion}. Dump it with ${version} and restore it, or set another DATA_DIR.`,
    )
  }
  return 'ready'
}
