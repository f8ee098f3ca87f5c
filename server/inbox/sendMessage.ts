import type { Transaction } from '../../db/client.ts'
import type { MessageContent } from '../whatsapp/content.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { type LockedConversation, lockConversations } from './lockConversations.ts'
import { nextPosition } from './position.ts'
import {
  type ConversationRow,
  conversationColumns,
  conversationSnapshot,
  lastMessageOf,
} from './readConversations.ts'
import { messagesById } from './readMessages.ts'
import { Refusal } from './refusal.ts'
import { isWindowOpen } from './serviceWindow.ts'
import type { MessageSnapshot } from './snapshot.ts'

/** The longest text that the Cloud API takes, in characters (Meta, "Text messages"). */
export const MAX_TEXT_LENGTH = 4096

export type SendRequest = {
  agent: Agent
  /** The channels the agent may write to, from the policy. */
  channelIds: string[]
  conversationId: string
  clientMessageId: string
  body: string
}

/**
 * Writes a message, its place in the outbox and its event in one transaction: after commit it will be sent, whatever dies.
 * The sender is another process; ring its bell after commit. The same `clientMessageId` again gives the same message.
 *
 * @throws Refusal NOT_FOUND, MESSAGE_EMPTY, MESSAGE_TOO_LONG, WINDOW_CLOSED, ID_TAKEN
 */
export async function sendMessage(
  tx: Transaction,
  request: SendRequest,
  now: Date,
): Promise<MessageSnapshot> {
  const text = sendableText(request.body)
  const [conversation] = await lockConversations(tx, [request.conversationId])
  if (!conversation || !request.channelIds.includes(conversation.channelId)) {
    throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
  }
  const earlier = await messageOfClient(tx, request)
  if (earlier) return earlier
  if (!isWindowOpen(conversation.lastInboundAt, now)) {
    throw new Refusal(
      'WINDOW_CLOSED',
      'The customer last wrote more than 24 hours ago, so WhatsApp only takes templates until they write again.',
    )
  }
  return write(tx, conversation, request, text, now)
}

function sendableText(body: string): string {
  const text = body.toWellFormed().replaceAll('\u0000', '')
  if (text.trim() === '') throw new Refusal('MESSAGE_EMPTY', 'Write something before you send it.')
  if (text.length > MAX_TEXT_LENGTH) {
    throw new Refusal(
      'MESSAGE_TOO_LONG',
      `WhatsApp takes texts of up to ${MAX_TEXT_LENGTH} characters; this one has ${text.length}.`,
    )
  }
  return text
}

/** Under the conversation's lock, so that of two equal requests one writes and the other finds. */
async function messageOfClient(tx: Transaction, request: SendRequest): Promise<MessageSnapshot | null> {
  const [row] = await tx<{ id: string; conversationId: string; agentId: string | null }[]>`
    select id, conversation_id, agent_id from messages
    where workspace_id = ${request.agent.workspaceId} and client_message_id = ${request.clientMessageId}`
  if (!row) return null
  if (row.conversationId !== request.conversationId || row.agentId !== request.agent.id) {
    throw new Refusal('ID_TAKEN', 'Another message already has this clientMessageId. Make up a new one.')
  }
  const [message] = await messagesById(tx, [row.id])
  return message ?? null
}

/** One statement for all rows, and nothing read back: hundreds of agents may send in the same second. */
async function write(
  tx: Transaction,
  { id: conversationId, workspaceId, channelId, lastPosition }: LockedConversation,
  { agent, clientMessageId }: SendRequest,
  text: string,
  now: Date,
): Promise<MessageSnapshot> {
  const id = Bun.randomUUIDv7()
  const position = nextPosition(now, lastPosition)
  const content: MessageContent = { kind: 'text', text }
  const [row] = await tx<ConversationRow[]>`
    with message as (
      insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content,
        client_message_id, agent_id, position, sent_at)
      values (${id}, ${workspaceId}, ${channelId}, ${conversationId}, 'out', 'text', 'queued', ${text},
        ${JSON.stringify(content)}::text::json, ${clientMessageId}, ${agent.id}, ${position}, ${now})
    ), line as (
      insert into outbox (id, workspace_id, channel_id, conversation_id, message_id, position, due_at)
      values (${Bun.randomUUIDv7()}, ${workspaceId}, ${channelId}, ${conversationId}, ${id}, ${position}, ${now})
    )
    update conversations c set last_message_id = ${id}, last_position = ${position}, version = c.version + 1
    from conversations before
    join contacts contact on contact.id = before.contact_id
    left join agents assignee on assignee.id = before.assignee_id
    where c.id = ${conversationId} and before.id = c.id
    returning ${conversationColumns(tx)}`
  if (!row) throw new Error('A locked conversation is gone')
  const message: MessageSnapshot = {
    id,
    conversationId,
    clientMessageId,
    wamid: null,
    direction: 'out',
    type: 'text',
    body: text,
    content,
    context: null,
    status: 'queued',
    attempt: 0,
    error: null,
    agent: { id: agent.id, name: agent.name },
    authorName: null,
    position,
    sentAt: now.toISOString(),
    isLate: false,
    targetWamid: null,
    edit: null,
    revokedAt: null,
  }
  const conversation = conversationSnapshot(row, lastMessageOf(message))
  commitWithEvents(tx, [
    {
      workspaceId,
      channelId,
      conversationId,
      event: { type: 'message.added', message, conversation, reaction: null },
    },
  ])
  return message
}
