import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { DeliveredStatus } from '../whatsapp/delivery.ts'

/** A status, with the attempt that it is about; null: we do not know that message (yet). */
export type MatchedStatus = {
  workspaceId: string
  channelId: string
  status: DeliveredStatus
  attempt: { id: string; messageId: string; conversationId: string } | null
}

type ChannelStatus = Omit<MatchedStatus, 'attempt'>
type Matched<One> = One & Pick<MatchedStatus, 'attempt'>
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/**
 * Finds what statuses are about: first by the attempt id that they carry back, then by wamid, within the channel only, so
 * that nobody can reach another company's message by guessing an id.
 *
 * Where nothing is found, the wamid is locked and looked for again. Whoever writes a wamid takes the same lock, so either the
 * status finds its message here, or the message finds the waiting status there. The wamids that the caller itself is about to
 * write (`toBeWritten`) are locked in the same statement: two steps, each in order, would still be a circle for two callers.
 */
export async function matchAttempts<One extends ChannelStatus>(
  tx: Transaction,
  statuses: readonly One[],
  toBeWritten: readonly Wamid[],
): Promise<Matched<One>[]> {
  const first = await lookUp(tx, statuses)
  const missed = first.filter((one) => one.attempt === null)
  const unknown = missed.map(({ channelId, status }) => ({ channelId, wamid: status.wamid }))
  await lockWamids(tx, [...unknown, ...toBeWritten])
  if (missed.length === 0) return first
  const second = await lookUp(tx, missed)
  return [...first.filter((one) => one.attempt !== null), ...second]
}

export type Wamid = { channelId: string; wamid: string }

/** Serialises all who are about to write these wamids, until commit. Once in a transaction, for all of them. */
export async function lockWamids(tx: Transaction, wamids: readonly Wamid[]): Promise<void> {
  if (wamids.length === 0) return
  const keys = [...new Set(wamids.map(({ channelId, wamid }) => `${channelId} ${wamid}`))].sort()
  await tx`select pg_advisory_xact_lock(hashtextextended(key, 1)) from unnest(${keys}::text[]) as key`
}

async function lookUp<One extends ChannelStatus>(
  tx: Transaction,
  statuses: readonly One[],
): Promise<Matched<One>[]> {
  if (statuses.length === 0) return []
  const rows = statuses.map(({ channelId, status }, place) => ({
    place,
    channelId,
    wamid: status.wamid,
    attemptId: status.callbackData !== null && UUID.test(status.callbackData) ? status.callbackData : null,
  }))
  const found = await tx<{ place: number; id: string; messageId: string; conversationId: string }[]>`
    select r.place, a.id, a.message_id, m.conversation_id
    from ${unnest(tx, rows, { place: 'integer', channelId: 'uuid', wamid: 'text', attemptId: 'uuid' })}
    join lateral (
      select * from (
        select by_id.*, 0 as preference from message_attempts by_id
        where by_id.id = r."attemptId" and by_id.channel_id = r."channelId"
        union all
        select by_wamid.*, 1 from message_attempts by_wamid
        where by_wamid.channel_id = r."channelId" and by_wamid.wamid = r.wamid
      ) either
      order by preference limit 1
    ) a on true
    join messages m on m.id = a.message_id`
  const attempts = new Map(found.map(({ place, ...attempt }) => [place, attempt]))
  return statuses.map((status, place) => ({ ...status, attempt: attempts.get(place) ?? null }))
}
