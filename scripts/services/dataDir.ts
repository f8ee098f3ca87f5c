import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { root } from '../install.ts'

export interface DataDir {
  path: string
  /** Signs the sessions; made once, so that a restart logs nobody out. */
  sessionSecret: string
  /** With which tokens and secrets of channels are stored; made once. */
  secretsKey: string
  /** Tells this folder from an earlier one at the same path. */
  id: string
}

/** Opens (or makes) the folder where an instance keeps all it has. */
export function openDataDir(path = process.env.DATA_DIR || '.data'): DataDir {
  const folder = resolve(root, path)
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true })
    // Root's database runs under another account, which must be able to pass through, and to see nothing here.
    chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700)
  }
  for (const name of ['redis', 'logs']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 })
  return { path: folder, ...keptSecrets(join(folder, 'secrets.json')) }
}

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivately(file: string, text: string): void {
  const making = `${file}.${process.pid}.new`
  writeFileSync(making, text, { mode: 0o600 })
  renameSync(making, file)
}

function keptSecrets(file: string): Omit<DataDir, 'path'> {
  let kept: Partial<DataDir> = {}
  try {
    kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<DataDir>
  } catch {
    // Not there, or cut short by a hard kill: new ones are made. Everybody signs in again, and tokens are pasted again.
  }
  const { sessionSecret, secretsKey, id } = kept
  if (sessionSecret && secretsKey && id) return { sessionSecret, secretsKey, id }
  const secrets = {
    sessionSecret: sessionSecret ?? randomBytes(32).toString('base64url'),
    secretsKey: secretsKey ?? randomBytes(32).toString('hex'),
    id: id ?? randomBytes(6).toString('hex'),
  }
  writePrivately(file, `${JSON.stringify(secrets)}\n`)
  return secrets
}
