import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { MessageContent } from '../whatsapp/content.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { lockConversations } from './lockConversations.ts'
import { membersInReach } from './membersInReach.ts'
import type { Held, Reach } from './policy.ts'
import { notePosition } from './position.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'
import { Refusal } from './refusal.ts'
import { ID_TAKEN } from './sendMessages.ts'
import type { AgentName, MessageSnapshot } from './snapshot.ts'

export type NoteRequest = {
  agent: Agent
  reach: Reach<'conversations.note'>
  conversationId: string
  clientMessageId: string
  text: string
  /** The agents whose names stand in the text with an `@`. */
  mentionIds: readonly string[]
}

/**
 * Writes a private note: a message among the others of the thread that WhatsApp never sees (docs/decisions/0016). It moves
 * neither the list nor the window nor what is unread, and colleagues who are about to answer are warned of it. The same
 * `clientMessageId` again gives the same note. Reasons: NOT_FOUND, ID_TAKEN, NOT_ASSIGNABLE.
 */
export async function addNote(tx: Transaction, request: NoteRequest, now: Date): Promise<MessageSnapshot> {
  const { agent, reach, conversationId } = request
  const [place] = await lockConversations(tx, [conversationId])
  if (!place || !reach.covers(place)) {
    throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
  }
  const earlier = await earlierNote(tx, request)
  if (earlier) return earlier
  const mentions = await mentioned(tx, request, place)
  const content: MessageContent = { kind: 'note', text: request.text, mentions }
  const id = Bun.randomUUIDv7()
  const { workspaceId, channelId } = place
  const written = await tx`
    insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content,
      client_message_id, agent_id, position, sent_at)
    values (${id}, ${workspaceId}, ${channelId}, ${conversationId}, 'note', 'note', 'received', ${request.text},
      ${JSON.stringify(content)}::text::json, ${request.clientMessageId}, ${agent.id},
      ${notePosition(now, await newestPosition(tx, conversationId))}, ${now.toISOString()})
    on conflict (workspace_id, client_message_id) where client_message_id is not null do nothing`
  if (written.count === 0) throw new Refusal('ID_TAKEN', ID_TAKEN)
  await keepMentions(
    tx,
    mentions.map((one) => ({ messageId: id, agentId: one.id, workspaceId, conversationId })),
  )
  const [[message], [conversation]] = await Promise.all([
    messagesById(tx, [id]),
    conversationsById(tx, [conversationId]),
  ])
  if (!message || !conversation) throw new Error('A note that was just written is gone')
  const event = { type: 'message.added' as const, message, conversation, reaction: null }
  commitWithEvents(tx, [{ workspaceId, channelId, conversationId, authorId: agent.id, event }])
  return message
}

/** Under the conversation's lock, so that of two equal requests one writes and the other finds. */
async function earlierNote(tx: Transaction, request: NoteRequest): Promise<MessageSnapshot | null> {
  const [row] = await tx<{ id: string }[]>`
    select id from messages
    where workspace_id = ${request.agent.workspaceId} and client_message_id = ${request.clientMessageId}`
  const [earlier] = row ? await messagesById(tx, [row.id]) : []
  if (!earlier) return null
  const isTheSame =
    earlier.direction === 'note' &&
    earlier.conversationId === request.conversationId &&
    earlier.agent?.id === request.agent.id
  if (!isTheSame) throw new Refusal('ID_TAKEN', ID_TAKEN)
  return earlier
}

/** Whoever can not see the conversation would be called to a closed door. */
async function mentioned(tx: Transaction, request: NoteRequest, place: Held): Promise<AgentName[]> {
  const ids = [...new Set(request.mentionIds)]
  const members = await membersInReach(tx, request.agent.workspaceId, ids, 'conversations.read')
  const names = new Map(
    members.filter((one) => one.reach.covers(place)).map((one) => [one.agentId, one.name]),
  )
  return ids.map((id) => {
    const name = names.get(id)
    if (name !== undefined) return { id, name }
    throw new Refusal('NOT_ASSIGNABLE', 'Somebody you mention can not see this conversation.', {
      agentId: id,
    })
  })
}

async function newestPosition(tx: Transaction, conversationId: string): Promise<string> {
  const [newest] = await tx<{ position: string }[]>`
    select position from messages where conversation_id = ${conversationId} order by position desc limit 1`
  return newest?.position ?? ''
}

type Mention = { messageId: string; agentId: string; workspaceId: string; conversationId: string }

async function keepMentions(tx: Transaction, mentions: Mention[]): Promise<void> {
  if (mentions.length === 0) return
  await tx`
    insert into mentions (message_id, agent_id, workspace_id, conversation_id)
    select r."messageId", r."agentId", r."workspaceId", r."conversationId"
    from ${unnest(tx, mentions, {
      messageId: 'uuid',
      agentId: 'uuid',
      workspaceId: 'uuid',
      conversationId: 'uuid',
    })}`
}
