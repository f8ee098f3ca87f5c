import type { Sql } from '../../db/client.ts'
import type { Env } from '../../server/env.ts'
import { createKeyRing } from '../../server/secrets/keyRing.ts'
import { openRow, readSealed } from '../../server/secrets/readSealed.ts'
import { type Finding, fine, problem } from './finding.ts'

/** Whether this environment's keys open the tokens and secrets of every channel. */
export async function secretsHealth(sql: Sql, env: Env): Promise<Finding[]> {
  const keys = createKeyRing(env.secretsKeys)
  // A database without the newest schema has a finding of its own.
  const rows = await readSealed(sql).catch(() => [])
  if (!keys.canSeal) {
    const why = 'BATON_SECRETS_KEY is not set: no number can be connected on the channels page'
    return [problem('Secrets of channels', why, 'make one with: openssl rand -hex 32')]
  }
  const opened = rows.map((row) => openRow(row, keys))
  const unreadable = opened.flatMap(({ name, unreadable }) =>
    unreadable === null
      ? []
      : problem(
          `Secrets of channel ${name}`,
          `they cannot be decrypted: ${unreadable}`,
          'add the key with which they were stored to BATON_SECRETS_KEY, or replace the token on the channel’s page',
        ),
  )
  if (unreadable.length > 0) return unreadable
  const older = rows.filter((row) =>
    [row.accessToken, row.appSecret, row.verifyToken].some((sealed) => sealed && !keys.isCurrent(sealed)),
  )
  if (older.length === 0) return [fine('Secrets of channels', `those of ${rows.length} can be decrypted`)]
  const why = `those of ${older.length} are encrypted with an older key`
  return [problem('Secrets of channels', why, 'bun run secrets:rotate')]
}
