import type { Sql, Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import { firstInLine } from './claim.ts'
import type { SendingNumber } from './limits.ts'

/** A message that is due and first in its conversation's line. */
export type Due = { outboxId: string; conversationId: string }

type DueRow = Due & SendingNumber

/** No number sends more than a quarter of a second's messages at once, so to look at more would be in vain. */
const FEWEST_LOOKED_AT = 10

/**
 * Up to `limit` messages of each channel that could go now, longest due first; channels that have stopped are left out.
 * Nothing is locked: whether they may go is asked next, and whoever claims them first has them.
 */
export async function findDue(
  sql: Sql,
  limit: number,
  now: Date,
): Promise<{ number: SendingNumber; due: Due[] }[]> {
  const rows = await sql<DueRow[]>`
    select channel.phone_number_id, channel.throughput_per_second, head.outbox_id, head.conversation_id
    from channels channel
    cross join lateral (
      select o.id as outbox_id, o.conversation_id from outbox o
      where o.channel_id = channel.id and o.state = 'queued' and o.due_at <= ${now.toISOString()}
        and o.id = ${firstInLine(sql)}
      order by o.due_at
      limit least(${limit}::int, ${FEWEST_LOOKED_AT}::int + channel.throughput_per_second / 4)
    ) head
    where channel.stopped_at is null`
  const numbers = Map.groupBy(rows, (row) => row.phoneNumberId)
  return [...numbers].map(([phoneNumberId, due]) => ({
    number: { phoneNumberId, throughputPerSecond: due[0]?.throughputPerSecond ?? 1 },
    due,
  }))
}

/** Lets messages wait for a limit of WhatsApp: they stay queued, and no attempt is spent. */
export async function postpone(
  tx: Transaction,
  waits: readonly { outboxId: string; dueAt: Date }[],
): Promise<void> {
  if (waits.length === 0) return
  await tx`
    update outbox o set due_at = r."dueAt"
    from ${unnest(tx, waits, { outboxId: 'uuid', dueAt: 'timestamptz' })}
    where o.id = r."outboxId" and o.state = 'queued'`
}
