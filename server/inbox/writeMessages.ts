import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import { fileIdOf, type MessageContent } from '../whatsapp/content.ts'
import { bodyOf } from '../whatsapp/messageContent.ts'
import type { NewEvent } from './commitWithEvents.ts'
import type { Composed } from './composeMessage.ts'
import { keepReactions, type Reacting } from './keepReactions.ts'
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
  composed: Composed
  conversation: LockedConversation
  position: Position
  sentAt: Date
}

/** Writes messages of agents and their places in the outbox, and returns their events. The conversations are locked. */
export async function writeMessages(tx: Transaction, added: readonly NewMessage[]): Promise<NewEvent[]> {
  const rows = added.map(({ id, request, composed, conversation, position, sentAt }) => ({
    id,
    outboxId: Bun.randomUUIDv7(),
    workspaceId: conversation.workspaceId,
    channelId: conversation.channelId,
    conversationId: conversation.id,
    type: typeOf(composed.content),
    body: bodyOf(composed.content),
    content: composed.content,
    context: composed.context,
    mediaId: fileIdOf(composed.content),
    targetWamid: targetOf(composed.content),
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
        type: 'text',
        body: 'text',
        content: 'json',
        context: 'json',
        mediaId: 'uuid',
        targetWamid: 'text',
        clientMessageId: 'text',
        agentId: 'uuid',
        position: 'text',
        sentAt: 'timestamptz',
      })}
    ), message as (
      insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content,
        context, media_id, target_wamid, client_message_id, agent_id, position, sent_at)
      select id, "workspaceId", "channelId", "conversationId", 'out', type, 'queued', body, content,
        context, "mediaId", "targetWamid", "clientMessageId", "agentId", position, "sentAt"
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
  await addressFiles(tx, rows)
  const reactions = await keepReactions(tx, added.map(reactingOf))
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
    const reaction = reactions.get(one.id) ?? null
    const event = { type: 'message.added' as const, message: messageOf(one), conversation, reaction }
    // A reaction answers nothing: colleagues are not warned of it.
    const authorId = reaction === null ? one.request.agent.id : null
    return { workspaceId, channelId, conversationId, authorId, event }
  })
}

/** The message as reading it back would give it, without reading it back. */
export function messageOf({ id, request, composed, position, sentAt }: NewMessage): MessageSnapshot {
  const { content, context, media } = composed
  return {
    id,
    conversationId: request.conversationId,
    clientMessageId: request.clientMessageId,
    wamid: null,
    direction: 'out',
    type: typeOf(content),
    body: bodyOf(content),
    content,
    context,
    media,
    status: 'queued',
    attempt: 0,
    error: null,
    retryAt: null,
    decideAt: null,
    dismissedAt: null,
    wasDeliveredEarlier: false,
    agent: { id: request.agent.id, name: request.agent.name },
    authorName: null,
    position,
    sentAt: sentAt.toISOString(),
    isLate: false,
    targetWamid: targetOf(content),
    edit: null,
    revokedAt: null,
  }
}

/** As Meta calls it: what can be pressed is all `interactive` there. */
function typeOf({ kind }: MessageContent): string {
  const isInteractive = ['buttons', 'list', 'cta_url', 'location_request'].includes(kind)
  return isInteractive ? 'interactive' : kind
}

const targetOf = (content: MessageContent) => (content.kind === 'reaction' ? content.targetWamid : null)

/** On WhatsApp the business has one reaction to a message, whoever of the team gave it. */
function reactingOf({ id, conversation, composed, position }: NewMessage): Reacting {
  return { id, channelId: conversation.channelId, actor: 'business', position, content: composed.content }
}

/** An upload belongs to the conversation to which it was sent first. */
async function addressFiles(
  tx: Transaction,
  rows: readonly { mediaId: string | null; conversationId: string }[],
): Promise<void> {
  const sent = rows.flatMap(({ mediaId, conversationId }) =>
    mediaId === null ? [] : [{ mediaId, conversationId }],
  )
  if (sent.length === 0) return
  await tx`
    update media file set conversation_id = r."conversationId"
    from ${unnest(tx, sent, { mediaId: 'uuid', conversationId: 'uuid' })}
    where file.id = r."mediaId" and file.conversation_id is null`
}
