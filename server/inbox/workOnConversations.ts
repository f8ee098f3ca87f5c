import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { applyWork, type WorkChange } from './applyWork.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { type ConversationAction, type ConversationWork, decideWork, workOf } from './decideWork.ts'
import { lockConversations } from './lockConversations.ts'
import { pointableIn } from './pointableIn.ts'
import { demand, type Reach } from './policy.ts'
import { conversationsById } from './readConversations.ts'
import { Refusal } from './refusal.ts'
import type { ConversationSnapshot } from './snapshot.ts'

export type WorkRequest = {
  agent: Agent
  reach: Reach<'conversations.work' | 'conversations.assign'>
  /** What is to be done, for each conversation at most once. */
  wanted: readonly { conversationId: string; action: ConversationAction }[]
}

/** What became of one of them. `before` is what an undo restores. */
export type WorkOutcome =
  | { conversationId: string; before: ConversationWork; conversation: ConversationSnapshot }
  | { conversationId: string; refused: Refusal }

/**
 * Does what an agent decided about conversations: assign, resolve, snooze and the like. One of them or two hundred take the
 * same number of statements. What is so already changes nothing; what is not possible costs the others nothing.
 */
export async function workOnConversations(
  tx: Transaction,
  { agent, reach, wanted }: WorkRequest,
  now: Date,
): Promise<WorkOutcome[]> {
  const ids = [...new Set(wanted.map((one) => one.conversationId))]
  const locked = (await lockConversations(tx, ids)).filter((one) => reach.covers(one))
  const places = new Map(locked.map((conversation) => [conversation.id, conversation]))
  const read = await conversationsById(tx, [...places.keys()])
  const present = new Map(read.map((conversation) => [conversation.id, conversation]))
  const actions = wanted.map((one) => one.action)
  const pointable = await pointableIn(tx, agent.workspaceId, actions)

  const changes: WorkChange[] = []
  const decided = wanted.map(({ conversationId, action }): WorkOutcome => {
    const place = places.get(conversationId)
    const conversation = present.get(conversationId)
    if (!place || !conversation) {
      const sentence = 'There is no such conversation, or it is not yours to see.'
      return { conversationId, refused: new Refusal('NOT_FOUND', sentence) }
    }
    const before = workOf(conversation)
    try {
      const after = decideWork(before, action, pointable(place), now)
      demandFor(agent, before, after)
      changes.push({ conversation: place, before, after })
      return { conversationId, before, conversation }
    } catch (error) {
      if (error instanceof Refusal) return { conversationId, refused: error }
      throw error
    }
  })
  const { conversations, events } = await applyWork(tx, changes, agent.id)
  commitWithEvents(tx, events)
  return decided.map((one) =>
    'refused' in one
      ? one
      : { ...one, conversation: conversations.get(one.conversationId) ?? one.conversation },
  )
}

/** An undo can do both: what it puts back is what it needs. */
function demandFor(agent: Agent, before: ConversationWork, after: ConversationWork): void {
  const { assigneeId, teamId, ...rest } = after
  const { assigneeId: assigneeBefore, teamId: teamBefore, ...restBefore } = before
  if (assigneeId !== assigneeBefore || teamId !== teamBefore) demand(agent, 'conversations.assign')
  if (!Bun.deepEquals(rest, restBefore)) demand(agent, 'conversations.work')
}
