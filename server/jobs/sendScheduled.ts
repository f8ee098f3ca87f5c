import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import type { Agent } from '../inbox/agent.ts'
import type { Baton } from '../inbox/checkBaton.ts'
import { presentId } from '../inbox/joinedConversations.ts'
import { reachOf } from '../inbox/policy.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { SendDesk } from '../inbox/sendDesk.ts'
import {
  type ClaimedScheduled,
  claimScheduled,
  isStillWaiting,
  type ScheduledOutcome,
  settleScheduled,
} from '../inbox/settleScheduled.ts'
import type { Ringer } from '../live/bell.ts'
import type { Log } from '../log.ts'

export type SchedulingParts = {
  sql: Sql
  bell: Ringer
  log: Log
  send: SendDesk
  agentOf(agentId: string): Promise<Agent | null>
  /** How the agent, who may be far away, stands with the reply lock. */
  batonOf(agent: Agent, conversationId: string): Promise<Baton>
  now(): Date
}

/**
 * The job of a scheduled message: sends it as its agent would, by the same rules of that moment. Refused, it stays with the reason.
 * While a colleague holds the reply lock it waits, as everybody does. A process that dies in between costs nothing: the message
 * has its `clientMessageId` since it was scheduled, so the next try finds what was sent.
 */
export async function sendScheduled(parts: SchedulingParts, scheduledId: string): Promise<void> {
  const { sql, bell, log, now } = parts
  const claimed = await claimScheduled(sql, scheduledId, now())
  if (claimed === null) {
    // The queue goes by the database's clock, which may be ahead of ours.
    if (await isStillWaiting(sql, scheduledId))
      throw new Error('It is not time yet; trying again in a moment')
    return
  }
  const outcome = await outcomeOf(parts, claimed)
  await repeatable(sql, (tx) => settleScheduled(tx, claimed, outcome, now()))
  if (outcome === 'later')
    throw new Error('A colleague is answering this conversation; trying again in a moment')
  bell.ring('events', claimed.workspaceId)
  if ('messageId' in outcome) bell.ring('outbox')
  const facts = 'messageId' in outcome ? outcome : { reason: outcome.refused.reason }
  log.info({ scheduledId, conversationId: claimed.conversationId, ...facts }, 'scheduled message tried')
}

async function outcomeOf(parts: SchedulingParts, claimed: ClaimedScheduled): Promise<ScheduledOutcome> {
  const { sql, send, agentOf, batonOf } = parts
  const { workspaceId, agentId, conversationId, clientMessageId, content, quotedMessageId } = claimed
  const agent = await agentOf(agentId)
  if (agent?.workspaceId !== workspaceId) {
    const sentence = 'Whoever scheduled this message is not a member of the workspace any more.'
    return { refused: new Refusal('NOT_A_MEMBER', sentence) }
  }
  try {
    const [reach, baton] = await Promise.all([
      reachOf(sql, agent, 'conversations.reply'),
      batonOf(agent, conversationId),
    ])
    const request = { agent, reach, conversationId, clientMessageId, content, baton }
    const { id: messageId } = await send({ ...request, ...(quotedMessageId && { quotedMessageId }) })
    return { messageId }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Its conversation became part of another one since it was claimed.
    const present = await presentId(sql, conversationId)
    if (error.reason === 'NOT_FOUND' && present !== conversationId)
      return outcomeOf(parts, { ...claimed, conversationId: present })
    return error.reason === 'LOCKED' ? 'later' : { refused: error }
  }
}
