import type { Queryable } from '../../db/client.ts'
import type { Addressee } from '../whatsapp/delivery.ts'

export type ChannelRef = {
  id: string
  workspaceId: string
  stopWords: string[]
  /** Null while its workspace has nothing erased that could be delivered again. */
  erasureSalt: string | null
}

/** Tells which channel a delivery is for; null when no channel has that number. */
export type ChannelFinder = (to: Addressee) => ChannelRef | null

/**
 * Looks up the channels of a batch at once. A delivery that names a number belongs to that number's channel and to no
 * other; one that names only the business account (account news) to the oldest channel of that account.
 */
export async function findChannels(sql: Queryable, all: readonly Addressee[]): Promise<ChannelFinder> {
  const numbers = [...new Set(all.flatMap((to) => to.phoneNumberId ?? []))]
  const accounts = [
    ...new Set(all.flatMap((to) => (to.phoneNumberId === null ? (to.businessAccountId ?? []) : []))),
  ]
  const rows = await sql<(ChannelRef & { phoneNumberId: string; businessAccountId: string })[]>`
    select id, workspace_id, stop_words, phone_number_id, business_account_id,
      (select w.erasure_salt from workspaces w where w.id = channels.workspace_id
        and exists (select 1 from erased_ids e where e.workspace_id = w.id)) as erasure_salt
    from channels
    where phone_number_id = any(${numbers}::text[]) or business_account_id = any(${accounts}::text[])
    order by created_at desc, id desc`
  const byNumber = new Map(rows.map((row) => [row.phoneNumberId, row]))
  const byAccount = new Map(rows.map((row) => [row.businessAccountId, row]))
  return ({ phoneNumberId, businessAccountId }) =>
    (phoneNumberId !== null ? byNumber.get(phoneNumberId) : byAccount.get(businessAccountId ?? '')) ?? null
}
