import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { MessageError } from '../whatsapp/content.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { type AttemptStatus, STATUS_RANK } from './statusLadder.ts'

/** A rung that an attempt has reached, by the sender's word or by WhatsApp's. */
export type Climb = {
  attemptId: string
  status: AttemptStatus
  wamid: string | null
  error: MessageError | null
}

type ChangedMessage = {
  id: string
  workspaceId: string
  channelId: string
  conversationId: string
  attempt: number
  status: AttemptStatus
  error: MessageError | null
  wamid: string | null
}

/**
 * Moves attempts up the ladder, never down, and shows the newest attempt of each message on the message itself.
 * Returns the events that this makes, for {@link commitWithEvents}. The conversations must be locked by the caller.
 */
export async function climbAttempts(
  tx: Transaction,
  climbs: readonly Climb[],
  now: Date,
): Promise<NewEvent[]> {
  if (climbs.length === 0) return []
  const rows = [...highestOf(climbs).values()].map((climb) => ({ ...climb, rank: STATUS_RANK[climb.status] }))
  const changed = await tx<ChangedMessage[]>`
    with climbed as (
      update message_attempts a
      set status = r.status, status_rank = r.rank, error = r.error, wamid = coalesce(a.wamid, r.wamid),
          settled_at = coalesce(a.settled_at, ${now.toISOString()})
      from ${unnest(tx, rows, {
        attemptId: 'uuid',
        status: 'text',
        rank: 'smallint',
        wamid: 'text',
        error: 'json',
      })}
      where a.id = r."attemptId" and a.status_rank < r.rank
      returning a.id, a.message_id, a.number, a.status, a.error, a.wamid
    ), resolved as (
      -- Whatever WhatsApp says of an attempt proves that it took it (or refused it): nothing is in doubt any more.
      update outbox o set state = case climbed.status when 'failed' then 'failed' when 'unknown' then 'unknown' else 'sent' end
      from climbed where o.attempt_id = climbed.id and o.state in ('sending', 'unknown')
    )
    update messages m
    set status = climbed.status, error = climbed.error, wamid = coalesce(m.wamid, climbed.wamid)
    from climbed
    where m.id = climbed.message_id and m.attempt = climbed.number
    returning m.id, m.workspace_id, m.channel_id, m.conversation_id, m.attempt, m.status, m.error, m.wamid`
  return changed.map(({ id, workspaceId, channelId, conversationId, attempt, status, error, wamid }) => ({
    workspaceId,
    channelId,
    conversationId,
    event: { type: 'message.status', conversationId, messageId: id, attempt, status, error, wamid },
  }))
}

/** Several statuses of one attempt may come in one batch: only the highest matters, but the first wamid is kept. */
function highestOf(climbs: readonly Climb[]): Map<string, Climb> {
  const highest = new Map<string, Climb>()
  for (const climb of climbs) {
    const other = highest.get(climb.attemptId)
    const isHigher = other === undefined || STATUS_RANK[climb.status] > STATUS_RANK[other.status]
    highest.set(climb.attemptId, { ...(isHigher ? climb : other), wamid: other?.wamid ?? climb.wamid })
  }
  return highest
}
