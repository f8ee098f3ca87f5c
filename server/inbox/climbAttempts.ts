import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { MessageError } from '../whatsapp/content.ts'
import { changedEvents } from './changedEvents.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { type AttemptStatus, STATUS_RANK } from './statusLadder.ts'

/** A rung that an attempt has reached, by the sender's word or by WhatsApp's. */
export type Climb = {
  attemptId: string
  status: AttemptStatus
  wamid: string | null
  error: MessageError | null
}

/** How long a status of WhatsApp may take to end a doubt before somebody is asked to decide. */
export const DECIDE_AFTER_MS = 2 * 60_000

type ChangedMessage = {
  /** Whether the attempt that climbed is the one that its message shows. */
  isShown: boolean
  attemptStatus: AttemptStatus
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
 * Moves attempts up the ladder, never down, and shows the newest attempt of each message on the message itself. An attempt
 * that arrived after all, while the next one had not begun, spares the customer the next one.
 *
 * Returns the events that this makes, for {@link commitWithEvents}. The conversations must be locked by the caller.
 */
export async function climbAttempts(
  tx: Transaction,
  climbs: readonly Climb[],
  now: Date,
): Promise<NewEvent[]> {
  if (climbs.length === 0) return []
  const rows = [...highestOf(climbs).values()].map((climb) => ({ ...climb, rank: STATUS_RANK[climb.status] }))
  const decideAt = new Date(now.getTime() + DECIDE_AFTER_MS).toISOString()
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
      returning a.id, a.message_id, a.number, a.status, a.error, a.wamid,
                a.status in ('sent', 'delivered', 'read', 'played') as was_taken
    ), resolved as (
      -- Whatever WhatsApp says of an attempt proves that it took it (or refused it): nothing is in doubt any more.
      update outbox o
      set state = case climbed.status when 'failed' then 'failed' when 'unknown' then 'unknown' else 'sent' end,
          due_at = case climbed.status when 'unknown' then ${decideAt} else o.due_at end
      from climbed
      where o.message_id = climbed.message_id
        and (o.attempt_id = climbed.id and o.state in ('sending', 'unknown')
          or o.state = 'queued' and o.attempts = climbed.number and climbed.was_taken)
    ), shown as (
      update messages m
      set status = climbed.status, error = climbed.error, dismissed_at = null, dismissed_by = null,
          wamid = coalesce(m.wamid, climbed.wamid)
      from climbed left join outbox o on o.message_id = climbed.message_id
      where m.id = climbed.message_id
        and (m.attempt = climbed.number or o.attempts = climbed.number and o.attempts < m.attempt and climbed.was_taken)
      returning climbed.id as attempt_id, m.attempt, m.status, m.error, m.wamid
    )
    select shown.attempt_id is not null as is_shown, climbed.status as attempt_status, m.id, m.workspace_id, m.channel_id,
           m.conversation_id, shown.attempt, shown.status, shown.error, shown.wamid
    from climbed join messages m on m.id = climbed.message_id left join shown on shown.attempt_id = climbed.id`
  const events = changed.filter((one) => one.isShown).map((one) => statusEvent(one, decideAt))
  const isBehind = (one: ChangedMessage) =>
    !one.isShown && STATUS_RANK[one.attemptStatus] >= STATUS_RANK.delivered
  return [
    ...events,
    ...(await changedEvents(
      tx,
      changed.filter(isBehind).map((one) => one.id),
      changed,
    )),
  ]
}

function statusEvent(
  { id, workspaceId, channelId, conversationId, attempt, status, error, wamid }: ChangedMessage,
  decideAt: string,
): NewEvent {
  const event = {
    type: 'message.status' as const,
    conversationId,
    messageId: id,
    attempt,
    status,
    error,
    wamid,
  }
  const isInDoubt = status === 'unknown'
  return { workspaceId, channelId, conversationId, event: isInDoubt ? { ...event, decideAt } : event }
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
