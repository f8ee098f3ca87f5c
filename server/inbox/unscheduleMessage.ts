import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import type { Held, Reach } from './policy.ts'
import { scheduledById } from './readScheduled.ts'
import { Refusal } from './refusal.ts'
import type { ScheduledSnapshot } from './snapshot.ts'
import { writeTrail } from './writeTrail.ts'

/**
 * Calls a scheduled message off, or puts one aside that could not be sent. Whoever sees the conversation may: the one who
 * scheduled it may be on holiday. Again, it changes nothing. Reasons: NOT_FOUND; WRONG_STATE when it was sent.
 */
export async function unscheduleMessage(
  tx: Transaction,
  { agent, reach, scheduledId }: { agent: Agent; reach: Reach<'conversations.reply'>; scheduledId: string },
  now: Date,
): Promise<ScheduledSnapshot> {
  const [row] = await tx<(Held & { state: ScheduledSnapshot['state']; conversationId: string })[]>`
    select s.state, c.channel_id, s.conversation_id, c.assignee_id, c.team_id
    from scheduled_messages s join conversations c on c.id = s.conversation_id
    where s.id = ${scheduledId} for update of s`
  if (!row || !reach.covers(row))
    throw new Refusal('NOT_FOUND', 'There is no such scheduled message, or it is not yours to see.')
  const { state, channelId, conversationId } = row
  if (state === 'cancelled') return scheduledById(tx, scheduledId)
  if (state !== 'scheduled' && state !== 'refused')
    throw new Refusal('WRONG_STATE', 'It is too late to call this message off.', { state })
  await tx`
    update scheduled_messages set state = 'cancelled', settled_at = ${now.toISOString()} where id = ${scheduledId}`
  const { workspaceId, id: actorId } = agent
  const details = { scheduledId, from: state }
  await writeTrail(tx, [
    { workspaceId, channelId, conversationId, actorId, action: 'message.unscheduled', details },
  ])
  const scheduled = await scheduledById(tx, scheduledId)
  commitWithEvents(tx, [
    { workspaceId, channelId, conversationId, event: { type: 'scheduled.changed', scheduled } },
  ])
  return scheduled
}
