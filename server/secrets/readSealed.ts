import type { Queryable } from '../../db/client.ts'
import { type Credential, placeOf } from './credentialPlace.ts'
import { type KeyRing, Unreadable } from './keyRing.ts'

/** The secrets of a channel as they are stored; null: it has none of that kind. */
export type SealedRow = {
  channelId: string
  workspaceId: string
  name: string
  phoneNumberId: string
  businessAccountId: string
} & Record<Credential, string | null>

/** The same, open. What could not be opened is null, and `unreadable` says why. */
export type OpenedRow = SealedRow & { hasToken: boolean; unreadable: string | null }

/** Of all channels that have any, oldest first. There are as many as the company has numbers. */
export async function readSealed(sql: Queryable): Promise<SealedRow[]> {
  const rows = await sql<SealedRow[]>`
    select c.id as channel_id, c.workspace_id, c.name, c.phone_number_id, c.business_account_id,
           s.access_token, s.app_secret, s.verify_token
    from channel_credentials s join channels c on c.id = s.channel_id
    where c.archived_at is null
    order by c.created_at, c.id`
  return [...rows]
}

export function openRow(row: SealedRow, keys: KeyRing): OpenedRow {
  let unreadable: string | null = null
  const open = (credential: Credential): string | null => {
    const sealed = row[credential]
    if (sealed === null) return null
    try {
      return keys.open(sealed, placeOf(row.channelId, credential))
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      unreadable = error.message
      return null
    }
  }
  const opened = {
    accessToken: open('accessToken'),
    appSecret: open('appSecret'),
    verifyToken: open('verifyToken'),
  }
  return { ...row, ...opened, hasToken: row.accessToken !== null, unreadable }
}
