import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import { type Breach, breachOf } from '../whatsapp/breach.ts'
import type { OutgoingContent, OutgoingReaction } from '../whatsapp/outgoingContent.ts'
import type { Agent } from './agent.ts'
import { type Baton, checkBatons, colleagueReplied } from './checkBaton.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { type Composed, composeMessage } from './composeMessage.ts'
import { type LockedConversation, lockConversations } from './lockConversations.ts'
import { type OutgoingParts, outgoingParts } from './outgoingParts.ts'
import type { Reach } from './policy.ts'
import { nextPosition } from './position.ts'
import { messagesById } from './readMessages.ts'
import { Refusal } from './refusal.ts'
import { isWindowOpen } from './serviceWindow.ts'
import type { MessageSnapshot } from './snapshot.ts'
import { messageOf, type NewMessage, writeMessages } from './writeMessages.ts'

export type SendRequest = {
  agent: Agent
  reach: Reach<'conversations.reply'>
  conversationId: string
  clientMessageId: string
  content: OutgoingContent | OutgoingReaction
  /** The message that it quotes: one of the same conversation. */
  quotedMessageId?: string | undefined
  /** How the agent stands with the reply lock; without it, as if nobody had looked. */
  baton?: Baton
  /** The newest event that the agent had seen. */
  seenSeq?: string | null | undefined
}

/** What became of one request of a batch. */
export type SendOutcome = { message: MessageSnapshot } | { refused: Refusal }

/**
 * Writes messages, their places in the outbox and their events in one transaction: after commit they will be sent, whatever
 * dies. The sender is another process; ring its bell after commit. The same `clientMessageId` again gives the same message.
 *
 * Takes the requests of many agents at once, with a number of statements that does not depend on how many they are. Each has
 * an outcome of its own, in the same order; the reasons are those of {@link decide}, `checkBatons` and `composeMessage`.
 */
export async function sendMessages(
  tx: Transaction,
  requests: readonly SendRequest[],
  now: Date,
): Promise<SendOutcome[]> {
  const conversationIds = [...new Set(requests.map((request) => request.conversationId))]
  const locked = await lockConversations(tx, conversationIds)
  const conversations = new Map(locked.map((conversation) => [conversation.id, conversation]))
  const [known, parts, notTheirTurn] = await Promise.all([
    earlierMessages(tx, requests),
    outgoingParts(tx, requests),
    checkBatons(tx, requests),
  ])
  const added: NewMessage[] = []
  const outcomes = requests.map((request, index): SendOutcome => {
    const conversation = conversations.get(request.conversationId)
    const earlier = known.get(keyOf(request))
    const refused = notTheirTurn[index] ?? overtaken(request, added)
    const decision = decide(request, conversation, earlier, refused, parts, now)
    if (!('composed' in decision)) return decision
    const position = nextPosition(now, decision.conversation.lastPosition)
    decision.conversation.lastPosition = position
    const message = { ...decision, request, id: Bun.randomUUIDv7(), position, sentAt: now }
    added.push(message)
    const snapshot = messageOf(message)
    known.set(keyOf(request), snapshot)
    return { message: snapshot }
  })
  if (added.length > 0) commitWithEvents(tx, await writeMessages(tx, added))
  return outcomes
}

type Decision = SendOutcome | { composed: Composed; conversation: LockedConversation }

/** Pure: what is to be done about one request, under the lock of its conversation. */
function decide(
  request: SendRequest,
  conversation: LockedConversation | undefined,
  earlier: MessageSnapshot | undefined,
  notTheirTurn: Refusal | null,
  parts: OutgoingParts,
  now: Date,
): Decision {
  const refuse = (...why: ConstructorParameters<typeof Refusal>) => ({ refused: new Refusal(...why) })
  const breach = request.content.kind === 'reaction' ? null : breachOf(request.content)
  if (breach) return { refused: breachRefusal(request.content.kind, breach) }
  if (!conversation || !request.reach.covers(conversation)) {
    return refuse('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
  }
  if (earlier) {
    const isTheSame =
      earlier.conversationId === request.conversationId && earlier.agent?.id === request.agent.id
    return isTheSame ? { message: earlier } : refuse('ID_TAKEN', ID_TAKEN)
  }
  if (request.reach.isRemoved(conversation.channelId))
    return refuse(
      'CHANNEL_STOPPED',
      'The number of this conversation was removed: nothing can be sent on it.',
    )
  // A reaction answers nobody, and waits for nobody's turn.
  if (notTheirTurn && request.content.kind !== 'reaction') return { refused: notTheirTurn }
  if (request.content.kind !== 'template' && !isWindowOpen(conversation.lastInboundAt, now)) {
    const sentence =
      'The customer last wrote more than 24 hours ago, so WhatsApp only takes templates until they write again.'
    return refuse('WINDOW_CLOSED', sentence)
  }
  try {
    return { composed: composeMessage(request, conversation, parts, now), conversation }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error }
    throw error
  }
}

/** What a breach of WhatsApp's limits is refused with. A text has had reasons of its own from the beginning. */
export function breachRefusal(kind: string, { sentence, ...details }: Breach): Refusal {
  if (kind !== 'text') return new Refusal('MESSAGE_INVALID', sentence, details)
  if (details.problem === 'too_long') return new Refusal('MESSAGE_TOO_LONG', sentence, details)
  return new Refusal('MESSAGE_EMPTY', 'Write something before you send it.', details)
}

/** A colleague's answer that goes out in this very transaction has no number yet, and was seen by nobody. */
function overtaken(request: SendRequest, added: readonly NewMessage[]): Refusal | null {
  if (!request.seenSeq) return null
  const answers = added.filter(
    (one) =>
      one.conversation.id === request.conversationId &&
      one.request.agent.id !== request.agent.id &&
      one.request.content.kind !== 'reaction',
  )
  return answers.length > 0 ? colleagueReplied(answers.map(messageOf), null) : null
}

export const ID_TAKEN = 'Another message already has this clientMessageId. Make up a new one.'

const keyOf = ({ agent, clientMessageId }: SendRequest) => `${agent.workspaceId} ${clientMessageId}`

/** Under the conversations' locks, so that of two equal requests one writes and the other finds. */
async function earlierMessages(
  tx: Transaction,
  requests: readonly SendRequest[],
): Promise<Map<string, MessageSnapshot>> {
  const rows = requests.map((request) => ({
    key: keyOf(request),
    workspaceId: request.agent.workspaceId,
    clientMessageId: request.clientMessageId,
  }))
  const found = await tx<{ id: string; key: string }[]>`
    select m.id, r.key
    from ${unnest(tx, rows, { key: 'text', workspaceId: 'uuid', clientMessageId: 'text' })}
    join messages m on m.workspace_id = r."workspaceId" and m.client_message_id = r."clientMessageId"`
  const messages = await messagesById(tx, [...new Set(found.map((row) => row.id))])
  const byId = new Map(messages.map((message) => [message.id, message]))
  return new Map(
    found.flatMap(({ id, key }) => {
      const message = byId.get(id)
      return message ? [[key, message] as const] : []
    }),
  )
}
