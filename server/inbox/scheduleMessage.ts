import type { Transaction } from '../../db/client.ts'
import { enqueueJobs } from '../../db/enqueueJobs.ts'
import { breachOf } from '../whatsapp/breach.ts'
import type { OutgoingContent } from '../whatsapp/outgoingContent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { composeMessage } from './composeMessage.ts'
import { outgoingParts } from './outgoingParts.ts'
import { placeInReach } from './placeInReach.ts'
import { scheduledById } from './readScheduled.ts'
import { Refusal } from './refusal.ts'
import { breachRefusal, ID_TAKEN, type SendRequest } from './sendMessages.ts'
import type { ScheduledSnapshot } from './snapshot.ts'
import { writeTrail } from './writeTrail.ts'

export type ScheduleRequest = Pick<
  SendRequest,
  'agent' | 'reach' | 'conversationId' | 'clientMessageId' | 'quotedMessageId'
> & { content: OutgoingContent; sendAt: Date }

const FURTHEST_MS = 365 * 24 * 60 * 60 * 1000

/**
 * Keeps a message to be sent at its time, with the job that sends it. What WhatsApp would refuse whatever the time is refused now;
 * a window that will be closed by then is told (`isBeyondWindow`) and not refused, for the customer may write before. The same
 * `clientMessageId` again gives the same one.
 */
export async function scheduleMessage(
  tx: Transaction,
  request: ScheduleRequest,
  now: Date,
): Promise<ScheduledSnapshot> {
  const { agent, reach, conversationId, clientMessageId, content, quotedMessageId = null, sendAt } = request
  if (!isScheduleMoment(sendAt, now)) {
    throw new Refusal('INPUT_INVALID', 'Choose a moment between now and a year from now.', {
      field: 'sendAt',
    })
  }
  const place = await placeInReach(tx, conversationId, reach)
  const breach = breachOf(content)
  if (breach) throw breachRefusal(content.kind, breach)
  composeMessage(request, place, await outgoingParts(tx, [request]), now)

  const { workspaceId, channelId } = place
  const id = Bun.randomUUIDv7()
  const kept = await tx`
    insert into scheduled_messages (id, workspace_id, channel_id, conversation_id, agent_id, client_message_id, content,
      quoted_message_id, send_at)
    values (${id}, ${workspaceId}, ${channelId}, ${conversationId}, ${agent.id}, ${clientMessageId},
      ${JSON.stringify(content)}::text::json, ${quotedMessageId}, ${sendAt.toISOString()})
    on conflict (workspace_id, client_message_id) do nothing`
  if (kept.count === 0) return earlierScheduled(tx, request)
  await enqueueJobs(tx, 'message.send', [{ scheduledId: id }], () => sendAt)
  const trail = { workspaceId, channelId, conversationId, actorId: agent.id }
  const details = { scheduledId: id, sendAt: sendAt.toISOString() }
  await writeTrail(tx, [{ ...trail, action: 'message.scheduled', details }])
  const scheduled = await scheduledById(tx, id)
  commitWithEvents(tx, [
    { workspaceId, channelId, conversationId, event: { type: 'scheduled.changed', scheduled } },
  ])
  return scheduled
}

/** Whether something may be scheduled for then. */
export function isScheduleMoment(sendAt: Date, now: Date): boolean {
  const aheadMs = sendAt.getTime() - now.getTime()
  return aheadMs > 0 && aheadMs <= FURTHEST_MS
}

async function earlierScheduled(
  tx: Transaction,
  { agent, conversationId, clientMessageId }: ScheduleRequest,
): Promise<ScheduledSnapshot> {
  const [row] = await tx<{ id: string }[]>`
    select id from scheduled_messages where workspace_id = ${agent.workspaceId}
      and client_message_id = ${clientMessageId} and conversation_id = ${conversationId} and agent_id = ${agent.id}`
  if (!row) throw new Refusal('ID_TAKEN', ID_TAKEN)
  return scheduledById(tx, row.id)
}
