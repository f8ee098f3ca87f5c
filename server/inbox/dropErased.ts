import type { Transaction } from '../../db/client.ts'
import { attemptKey, type ErasedKey, erasedAmong, newsKey, wamidKey } from './erasedIds.ts'
import type { ChannelRef } from './findChannels.ts'
import type { MatchedStatus } from './matchAttempts.ts'
import type { ReceivedItem } from './storeDeliveries.ts'

/** Without the messages and news that were erased and are delivered once more. */
export async function dropErased(
  tx: Transaction,
  items: readonly ReceivedItem[],
  channelOf: (item: ReceivedItem) => ChannelRef | null,
): Promise<ReceivedItem[]> {
  const asked = items.flatMap((item) => {
    const channel = channelOf(item)
    const key = channel && keyOf(item, channel)
    return key ? [{ item, key, workspaceId: channel.workspaceId, salt: channel.erasureSalt }] : []
  })
  const erased = await erasedAmong(tx, asked)
  if (erased.size === 0) return [...items]
  const gone = new Set(asked.flatMap(({ item, key }) => (erased.has(key) ? [item] : [])))
  return items.filter((item) => !gone.has(item))
}

/**
 * Without the statuses of what was erased. Asked of those that found no message, and after they were looked for: one that was
 * erased before that look is remembered by now, and one that is erased after it is still found.
 */
export async function dropErasedStatuses<One extends MatchedStatus & { salt: string | null }>(
  tx: Transaction,
  statuses: readonly One[],
): Promise<One[]> {
  const asked = statuses.flatMap((one) =>
    one.attempt === null ? keysOf(one).map((key) => ({ one, key, ...one })) : [],
  )
  const erased = await erasedAmong(tx, asked)
  if (erased.size === 0) return [...statuses]
  const gone = new Set(asked.flatMap(({ one, key }) => (erased.has(key) ? [one] : [])))
  return statuses.filter((one) => !gone.has(one))
}

function keyOf(item: ReceivedItem, channel: ChannelRef): ErasedKey | null {
  if (item.kind === 'message') return wamidKey(channel.id, item.message.wamid)
  return item.kind === 'news' ? newsKey(item.news.digest) : null
}

function keysOf({ channelId, status: { wamid, callbackData } }: MatchedStatus): ErasedKey[] {
  const key = wamidKey(channelId, wamid)
  return callbackData === null ? [key] : [key, attemptKey(callbackData)]
}
