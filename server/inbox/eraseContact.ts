import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents, type NewEvent } from './commitWithEvents.ts'
import { type ContactWithAll, contactWithAll, type HeldConversation } from './contactToErase.ts'
import { rememberErased } from './erasedIds.ts'
import { eraseEvents, eraseMessageEvents } from './eraseEvents.ts'
import { eraseLeftovers } from './eraseLeftovers.ts'
import { type ErasedCounts, hashOfErasure } from './erasureReceipt.ts'
import type { Reach } from './policy.ts'
import { conversationsById } from './readConversations.ts'
import { Refusal } from './refusal.ts'
import { releaseFiles } from './removeFiles.ts'
import { type DoomedMessage, doomedColumns, removeMessages } from './removeMessages.ts'
import { restOfConversations } from './restOfConversations.ts'
import { signsOf } from './signsOf.ts'
import { writeAudit } from './writeAudit.ts'

export type ContactErasure = {
  agent: Agent
  reach: Reach<'contacts.erase'>
  contactId: string
  /** What somebody typed, who was asked whether they mean it. */
  name: string
}

/** `signs`: by what they are known where no transaction reaches, as in the stream. Not to be kept. */
export type ErasedContactId = { erasureId: string; signs: string[] }

/**
 * Takes away everything that is kept of a contact, and writes the receipt. Who writes again is a new contact; what WhatsApp delivers
 * once more of the old one is dropped (`erasedIds.ts`). What no transaction reaches is told in docs/security.md.
 *
 * Refused while a message is on its way: only who sends it knows what becomes of it. What waits in line is called back.
 *
 * Locks: as `mergeContacts`; then the rows of the outbox. Reasons: NOT_FOUND, FORBIDDEN, INPUT_INVALID, WRONG_STATE.
 */
export async function eraseContact(
  tx: Transaction,
  asked: ContactErasure,
  now: Date,
): Promise<ErasedContactId> {
  const { agent, contactId, name } = asked
  const { workspaceId } = agent
  const all = await contactWithAll(tx, asked, 'lock')
  const { contact, conversations, groups } = all
  if (name.trim() !== contact.name)
    throw new Refusal('INPUT_INVALID', 'What you typed is not the name of this contact.')
  const ids = conversations.map((one) => one.id)
  const unsent = await callBack(tx, ids)
  const erasureId = Bun.randomUUIDv7()
  const formerIds = await formerIdsOf(tx, ids)
  const hanging = await countHanging(tx, ids)
  const { messages, reactions } = await theirMessages(tx, all)

  const keys = await removeMessages(tx, messages)
  await removeReactions(tx, contactId, reactions)
  await removeGroupStatuses(tx, all)
  const uploads = await tx<{ id: string }[]>`select id from media where conversation_id = any(${ids}::uuid[])`
  const mediaIds = [...messages.flatMap((message) => message.mediaId ?? []), ...uploads.map(({ id }) => id)]
  const released = await releaseFiles(tx, mediaIds, { workspaceId, erasureId })
  await tx`delete from conversations where id = any(${ids}::uuid[])`
  const groupIds = groups.map((one) => one.id)
  await restOfConversations(tx, groupIds)
  const inGroups = messages.filter((message) => groupIds.includes(message.conversationId))
  const lines =
    (await eraseEvents(tx, workspaceId, [...ids, ...formerIds])) +
    (await eraseMessageEvents(tx, workspaceId, {
      conversationIds: groupIds,
      messageIds: inGroups.map((message) => message.id),
    }))
  const signs = signsOf(contact)
  const leftovers = await eraseLeftovers(tx, workspaceId, signs)
  await rememberErased(tx, workspaceId, [...keys, ...leftovers.keys], now)
  await tx`delete from contacts where id = ${contactId}`
  await removeLoneMembers(tx, messages)

  const counts: ErasedCounts = {
    conversations: ids.length,
    messages: messages.filter((message) => message.direction !== 'note').length,
    notes: messages.filter((message) => message.direction === 'note').length,
    files: released.files,
    fileBytes: released.bytes,
    drafts: hanging.drafts,
    unsent: unsent + hanging.scheduled,
    identities: contact.identities.length,
    events: lines,
    deadLetters: leftovers.deadLetters,
  }
  await writeReceipt(tx, { id: erasureId, workspaceId, contactId, actorId: agent.id, counts, createdAt: now })
  commitWithEvents(tx, await news(tx, all, formerIds, inGroups))
  return { erasureId, signs: signs.words }
}

/** Takes what waits in line out of it; what a sender has in hand refuses the whole. */
async function callBack(tx: Transaction, conversationIds: readonly string[]): Promise<number> {
  const line = await tx<{ state: string }[]>`
    select state from outbox where conversation_id = any(${[...conversationIds]}::uuid[]) and state in ('queued', 'sending')
    order by id for update`
  if (line.some((row) => row.state === 'sending'))
    throw new Refusal(
      'WRONG_STATE',
      'A message to them is on its way this very moment. Try again in a minute.',
    )
  return line.length
}

/** Ids under which the log may still know these conversations. */
async function formerIdsOf(tx: Transaction, conversationIds: readonly string[]): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select id from joined_conversations where conversation_id = any(${[...conversationIds]}::uuid[])`
  return rows.map((row) => row.id)
}

async function countHanging(tx: Transaction, ids: readonly string[]) {
  const [row] = await tx<{ drafts: number; scheduled: number }[]>`
    select (select count(*)::int from drafts where conversation_id = any(${[...ids]}::uuid[]) and body <> '') as drafts,
      (select count(*)::int from scheduled_messages
        where conversation_id = any(${[...ids]}::uuid[]) and state in ('scheduled', 'sending')) as scheduled`
  return row ?? { drafts: 0, scheduled: 0 }
}

/** Everything that was said in their conversations, and what they said in groups. */
async function theirMessages(tx: Transaction, { contact, conversations }: ContactWithAll) {
  const ids = conversations.map((one) => one.id)
  const rows = await tx<DoomedMessage[]>`
    select ${doomedColumns(tx)} from messages m
    where m.conversation_id = any(${ids}::uuid[]) or m.author_contact_id = ${contact.id}`
  const messages = [...rows]
  return { messages, reactions: messages.filter((message) => message.type === 'reaction') }
}

/** Their reactions to messages of others, as in a group. Found by the reactions that they sent, for the table has no index by who. */
async function removeReactions(tx: Transaction, contactId: string, reactions: readonly DoomedMessage[]) {
  const targets = reactions.flatMap((message) => message.targetWamid ?? [])
  await tx`
    delete from message_reactions
    where channel_id = any(${reactions.map((message) => message.channelId)}::uuid[])
      and target_wamid = any(${targets}::text[]) and actor = ${`contact:${contactId}`}`
}

/** In a group every member has statuses of their own. */
async function removeGroupStatuses(tx: Transaction, { contact, groups }: ContactWithAll): Promise<void> {
  if (groups.length === 0) return
  const names = [...contact.identities.map((identity) => identity.value), contact.phone ?? '']
  await tx`
    delete from message_statuses s using messages m
    where m.conversation_id = any(${groups.map((one) => one.id)}::uuid[]) and s.message_id = m.id
      and s.participant <> '' and s.participant = any(${names}::text[])`
}

/** Of a group that was erased: members of whom nothing else is kept. */
async function removeLoneMembers(tx: Transaction, messages: readonly DoomedMessage[]): Promise<void> {
  const authorIds = [...new Set(messages.flatMap((message) => message.authorContactId ?? []))]
  await tx`
    delete from contacts c
    where c.id = any(${authorIds}::uuid[]) and not exists (select 1 from conversations where contact_id = c.id)
      and not exists (select 1 from messages where author_contact_id = c.id)`
}

async function writeReceipt(tx: Transaction, erasure: Parameters<typeof hashOfErasure>[0]): Promise<void> {
  const { id, workspaceId, contactId, actorId, counts, createdAt } = erasure
  const hash = hashOfErasure(erasure)
  await tx`
    insert into erasures (id, workspace_id, contact_id, actor_id, counts, hash, created_at)
    values (${id}, ${workspaceId}, ${contactId}, ${actorId}, ${JSON.stringify(counts)}::text::json, ${hash},
      ${createdAt.toISOString()})`
  const details = { erasureId: id, contactId, counts, hash }
  await writeAudit(tx, { workspaceId, actorId, action: 'contact.erased', details })
}

/** To everybody of a channel: whoever had it may not be whoever has it now. */
async function news(
  tx: Transaction,
  { conversations, groups }: ContactWithAll,
  formerIds: readonly string[],
  inGroups: readonly DoomedMessage[],
): Promise<NewEvent[]> {
  const [first] = conversations
  const erased = (conversationId: string, { workspaceId, channelId }: HeldConversation): NewEvent => ({
    workspaceId,
    channelId,
    conversationId: null,
    event: { type: 'conversation.erased', conversationId },
  })
  const present = await conversationsById(
    tx,
    groups.map((one) => one.id),
  )
  return [
    ...conversations.map((one) => erased(one.id, one)),
    ...(first ? formerIds.map((id) => erased(id, first)) : []),
    ...groups.flatMap(({ id: conversationId, workspaceId, channelId }): NewEvent[] => {
      const conversation = present.find((one) => one.id === conversationId)
      if (!conversation) throw new Error('A locked conversation can not be read')
      const of = inGroups.filter((message) => message.conversationId === conversationId)
      const place = { workspaceId, channelId, conversationId }
      const messageIds = of.map((message) => message.id)
      return [
        { ...place, event: { type: 'messages.removed', conversationId, messageIds } },
        { ...place, event: { type: 'conversation.changed', conversation } },
      ]
    }),
  ]
}
