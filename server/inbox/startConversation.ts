import type { Queryable, Transaction } from '../../db/client.ts'
import type { OutgoingTemplate } from '../whatsapp/outgoingContent.ts'
import { canonicalPhone, dialledPhone } from '../whatsapp/phone.ts'
import type { Agent } from './agent.ts'
import type { Baton } from './checkBaton.ts'
import { findContacts } from './findContacts.ts'
import { openConversations } from './openConversations.ts'
import type { Reach } from './policy.ts'
import { Refusal } from './refusal.ts'
import { sendMessages } from './sendMessages.ts'
import type { MessageSnapshot } from './snapshot.ts'

export type StartRequest = {
  agent: Agent
  reach: Reach<'conversations.reply'>
  channelId: string
  /** As somebody typed it, with its country code. */
  phone: string
  name?: string | undefined
  clientMessageId: string
  content: OutgoingTemplate
  /** How the agent stands with the reply lock of the conversation, when there is one already. */
  baton?: Baton | undefined
}

/**
 * Writes to a number first, with a template, as WhatsApp demands. A number that is known already gets the message in the
 * conversation that there is. The conversation and the message are made together or not at all; the refusal of either is thrown.
 */
export async function startConversation(
  tx: Transaction,
  { channelId, phone, name, baton, ...request }: StartRequest,
  now: Date,
): Promise<MessageSnapshot> {
  const { agent, reach } = request
  if (!reach.touches(channelId)) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  const digits = await dialled(tx, channelId, phone)
  const { workspaceId } = agent
  const nobody = { userId: null, parentUserId: null, name: null, username: null }
  const who = { person: { ...nobody, phone: digits } }
  const [contactId = ''] = await findContacts(tx, [{ workspaceId, who, seenAt: now }])
  await nameContact(tx, contactId, name)
  const [conversationId = ''] = await openConversations(tx, [{ workspaceId, channelId, contactId }])
  if (!reach.isWhole(channelId)) await keepForOneself(tx, conversationId, agent)
  const [outcome] = await sendMessages(tx, [{ ...request, conversationId, ...(baton && { baton }) }], now)
  if (outcome && 'message' in outcome) return outcome.message
  throw outcome?.refused ?? new Error('A send has no outcome')
}

/** The conversation that there is already with a number; null: it would be the first. Whoever calls has asked the policy. */
export async function conversationWith(
  sql: Queryable,
  { workspaceId, channelId, phone }: { workspaceId: string; channelId: string; phone: string },
): Promise<string | null> {
  const value = canonicalPhone(dialledPhone(phone) ?? '')
  const [row] = await sql<{ id: string }[]>`
    select c.id from contact_identities i
    join conversations c on c.contact_id = i.contact_id and c.channel_id = ${channelId}
    where i.workspace_id = ${workspaceId} and i.kind = 'phone' and i.value = ${value}`
  return row?.id ?? null
}

async function dialled(tx: Transaction, channelId: string, phone: string): Promise<string> {
  const digits = dialledPhone(phone)
  const invalid = (problem: string, sentence: string) =>
    new Refusal('MESSAGE_INVALID', sentence, { field: 'phone', problem })
  if (digits === null) {
    throw invalid('not_a_number', 'Give the number with its country code, such as +49 155 50100077.')
  }
  const [own] = await tx<{ displayPhoneNumber: string }[]>`
    select display_phone_number from channels where id = ${channelId}`
  if (canonicalPhone(own?.displayPhoneNumber ?? '') === canonicalPhone(digits)) {
    throw invalid('own_number', 'This is the number that would write. Give the number of the customer.')
  }
  return digits
}

/** What an agent calls a contact holds until the customer writes: then WhatsApp tells the name of their profile. */
async function nameContact(tx: Transaction, contactId: string, name: string | undefined): Promise<void> {
  const given = name?.trim() ?? ''
  if (given === '') return
  await tx`update contacts set name = ${given} where id = ${contactId} and name is null`
}

/** Where only whoever it is assigned to sees a conversation, a new one is theirs who began it: else it would be out of their sight. */
async function keepForOneself(tx: Transaction, conversationId: string, agent: Agent): Promise<void> {
  await tx`
    update conversations set assignee_id = ${agent.id}
    where id = ${conversationId} and last_position = '' and assignee_id is null and team_id is null`
}
