import type { Sql } from '../../db/client.ts'
import { CREDENTIALS, type Credential, placeOf } from './credentialPlace.ts'
import { type KeyRing, Unreadable } from './keyRing.ts'
import { readSealed, type SealedRow } from './readSealed.ts'

export type Rotation = {
  /** How many secrets were sealed with the newest key now, and how many were before. */
  sealed: number
  current: number
  unreadable: { channelId: string; name: string; credential: Credential; reason: string }[]
}

const COLUMNS: Record<Credential, string> = {
  accessToken: 'access_token',
  appSecret: 'app_secret',
  verifyToken: 'verify_token',
}

/**
 * Seals every secret with the newest key. What is in it stays the same, so nobody who runs meanwhile notices; one that is
 * replaced at the same moment is left as its replacer stored it.
 */
export async function sealAnew(sql: Sql, keys: KeyRing): Promise<Rotation> {
  const rotation: Rotation = { sealed: 0, current: 0, unreadable: [] }
  for (const row of await readSealed(sql)) {
    for (const credential of CREDENTIALS) await sealOne(sql, keys, row, credential, rotation)
  }
  return rotation
}

async function sealOne(
  sql: Sql,
  keys: KeyRing,
  row: SealedRow,
  credential: Credential,
  rotation: Rotation,
): Promise<void> {
  const { channelId, name } = row
  const before = row[credential]
  if (before === null) return
  try {
    // Also one that is current is opened: a key that fits in name only would otherwise be found out too late.
    const secret = keys.open(before, placeOf(channelId, credential))
    if (keys.isCurrent(before)) {
      rotation.current++
      return
    }
    const after = keys.seal(secret, placeOf(channelId, credential))
    const column = sql(COLUMNS[credential])
    const { count } = await sql`
      update channel_credentials set ${column} = ${after} where channel_id = ${channelId} and ${column} = ${before}`
    rotation.sealed += count
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    rotation.unreadable.push({ channelId, name, credential, reason: error.message })
  }
}
