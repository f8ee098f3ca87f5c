import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { NewEvent } from './commitWithEvents.ts'
import type { LockedConversation } from './lockConversations.ts'
import type { Position } from './position.ts'
import {
  type ConversationRow,
  conversationColumns,
  conversationSnapshot,
  lastMessageOf,
} from './readConversations.ts'
import type { SendRequest } from './sendMessages.ts'
import type { MessageSnapshot } from './snapshot.ts'

/** A message that is to be sent, with its place in the thread. */
export type NewMessage = {
  id: string
  request: SendRequest
  /** The text. */
  send: string
  conversation: LockedConversation
  position: Position
  sentAt: Date
}

/** Writes messages of agents and their places in the outbox, and returns their events. The conversations are locked. */
export async function writeMessages(tx: Transaction, added: readonly NewMessage[]): Promise<NewEvent[]> {
  const rows = added.map(({ id, request, send, conversation, position, sentAt }) => ({
    id,
    outboxId: Bun.randomUUIDv7(),
    workspaceId: conversation.workspaceId,
    channelId: conversation.channelId,
    conversationId: conversation.id,
    body: send,
    content: { kind: 'text', text: send },
    clientMessageId: request.clientMessageId,
    agentId: request.agent.id,
    position,
    sentAt,
  }))
  // Later ones of a conversation replace earlier ones: the newest is what the list shows.
  const newest = [...new Map(rows.map((row) => [row.conversationId, row])).values()].map(
    ({ conversationId, id, position }) => ({ conversationId, id, position }),
  )
  const bumped = await tx<(ConversationRow & { lastMessageId: string })[]>`
    with given as (
      select * from ${unnest(tx, rows, {
        id: 'uuid',
        outboxId: 'uuid',
        workspaceId: 'uuid',
        channelId: 'uuid',
        conversationId: 'uuid',
        body: 'text',
        content: 'json',
        clientMessageId: 'text',
        agentId: 'uuid',
        position: 'text',
        sentAt: 'timestamptz',
      })}
    ), message as (
      insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content,
        client_message_id, agent_id, position, sent_at)
      select id, "workspaceId", "channelId", "conversationId", 'out', 'text', 'queued', body, content,
        "clientMessageId", "agentId", position, "sentAt"
      from given
    ), line as (
      insert into outbox (id, workspace_id, channel_id, conversation_id, message_id, position, due_at)
      select "outboxId", "workspaceId", "channelId", "conversationId", id, position, "sentAt" from given
    )
    update conversations c set last_message_id = r.id, last_position = r.position, version = c.version + 1
    from ${unnest(tx, newest, { conversationId: 'uuid', id: 'uuid', position: 'text' })}
    join conversations before on before.id = r."conversationId"
    join contacts contact on contact.id = before.contact_id
    left join agents assignee on assignee.id = before.assignee_id
    where c.id = r."conversationId"
    returning ${conversationColumns(tx)}, c.last_message_id`
  const messages = new Map(added.map((one) => [one.id, messageOf(one)]))
  const conversations = new Map(
    bumped.map(({ lastMessageId, ...row }) => {
      const last = messages.get(lastMessageId)
      return [row.id, conversationSnapshot(row, last ? lastMessageOf(last) : null)]
    }),
  )
  return added.map((one): NewEvent => {
    const { id: conversationId, workspaceId, channelId } = one.conversation
    const conversation = conversations.get(conversationId)
    if (!conversation) throw new Error('A locked conversation is gone')
    const event = { type: 'message.added' as const, message: messageOf(one), conversation, reaction: null }
    return { workspaceId, channelId, conversationId, event, authorId: one.request.agent.id }
  })
}

/** The message as reading it back would give it, without reading it back. */
export function messageOf({ id, request, send, position, sentAt }: NewMessage): MessageSnapshot {
  return {
    id,
    conversationId: request.conversationId,
    clientMessageId: request.clientMessageId,
    wamid: null,
    direction: 'out',
    type: 'text',
    body: send,
    content: { kind: 'text', text: send },
    context: null,
    status: 'queued',
    attempt: 0,
    error: null,
    agent: { id: request.agent.id, name: request.agent.name },
    authorName: null,
    position,
    sentAt: sentAt.toISOString(),
    isLate: false,
    targetWamid: null,
    edit: null,
    revokedAt: null,
  }
}
