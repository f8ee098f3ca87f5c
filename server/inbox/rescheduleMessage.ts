import type { Transaction } from '../../db/client.ts'
import { hurryJob } from '../../db/enqueueJobs.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import type { Held, Reach } from './policy.ts'
import { scheduledById } from './readScheduled.ts'
import { Refusal } from './refusal.ts'
import { isScheduleMoment } from './scheduleMessage.ts'
import type { ScheduledSnapshot } from './snapshot.ts'
import { writeTrail } from './writeTrail.ts'

export type RescheduleRequest = {
  agent: Agent
  reach: Reach<'conversations.reply'>
  scheduledId: string
  /** Null: now. */
  sendAt: Date | null
}

/**
 * Gives a scheduled message another moment, also one that was refused: it is tried again then, in the name of whoever scheduled
 * it. One and the same message all the way, so it can not be sent twice. Reasons: NOT_FOUND; INPUT_INVALID; WRONG_STATE when it
 * is on its way or over.
 */
export async function rescheduleMessage(
  tx: Transaction,
  { agent, reach, scheduledId, sendAt }: RescheduleRequest,
  now: Date,
): Promise<ScheduledSnapshot> {
  if (sendAt !== null && !isScheduleMoment(sendAt, now))
    throw new Refusal('INPUT_INVALID', 'Choose a moment between now and a year from now.', {
      field: 'sendAt',
    })
  const [row] = await tx<(Held & { state: ScheduledSnapshot['state']; conversationId: string })[]>`
    select s.state, c.channel_id, s.conversation_id, c.assignee_id, c.team_id
    from scheduled_messages s join conversations c on c.id = s.conversation_id
    where s.id = ${scheduledId} for update of s`
  if (!row || !reach.covers(row))
    throw new Refusal('NOT_FOUND', 'There is no such scheduled message, or it is not yours to see.')
  const { state, channelId, conversationId } = row
  if (state !== 'scheduled' && state !== 'refused')
    throw new Refusal('WRONG_STATE', 'It is too late to change when this message is sent.', { state })
  const at = (sendAt ?? now).toISOString()
  await tx`
    update scheduled_messages set state = 'scheduled', send_at = ${at}, refusal = null, settled_at = null
    where id = ${scheduledId}`
  await hurryJob(tx, 'message.send', { scheduledId }, sendAt)
  const { workspaceId, id: actorId } = agent
  const details = { scheduledId, sendAt: at, from: state }
  await writeTrail(tx, [
    { workspaceId, channelId, conversationId, actorId, action: 'message.rescheduled', details },
  ])
  const scheduled = await scheduledById(tx, scheduledId)
  commitWithEvents(tx, [
    { workspaceId, channelId, conversationId, event: { type: 'scheduled.changed', scheduled } },
  ])
  return scheduled
}
