import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { changedConversations } from './keepOptOuts.ts'
import { lockConversations } from './lockConversations.ts'
import type { Reach } from './policy.ts'
import { type ContactDetails, readContact } from './readContact.ts'
import { Refusal } from './refusal.ts'
import { writeTrail } from './writeTrail.ts'

export type ContactUpdate = {
  agent: Agent
  reach: Reach<'contacts.change'>
  contactId: string
  /** What the team calls them; null: what they call themselves. Left out, it stays. */
  givenName?: string | null | undefined
  /** Those that are named are set, or removed by null; others stay. */
  attributes?: Record<string, string | null> | undefined
}

/** As the panel shows it before and after: for an undo. */
export type ContactChange = {
  contact: ContactDetails
  before: Known
}

const MOST_ATTRIBUTES = 50

/**
 * Changes what the team knows of a contact. The name of their own profile stays beside it: that is theirs to change. Every list
 * that shows the contact is told. Reasons: NOT_FOUND, INPUT_INVALID.
 */
export async function updateContact(tx: Transaction, update: ContactUpdate): Promise<ContactChange> {
  const { agent, reach, contactId, givenName, attributes = {} } = update
  const conversations = await tx<
    { id: string }[]
  >`select id from conversations where contact_id = ${contactId}`
  const locked = await lockConversations(
    tx,
    conversations.map((row) => row.id),
  )
  const { givenName: nameBefore, attributes: attributesBefore } = await readContact(tx, contactId, reach)
  const before = { givenName: nameBefore, attributes: attributesBefore }
  const after = {
    givenName: givenName === undefined ? before.givenName : givenName,
    attributes: merged(before.attributes, attributes),
  }
  if (!Bun.deepEquals(before, after)) {
    await tx`
      update contacts set given_name = ${after.givenName}, attributes = ${JSON.stringify(after.attributes)}::text::json
      where id = ${contactId}`
    const trail = locked.map(({ id: conversationId, workspaceId, channelId }) => {
      // Which, not what: the trail outlives the contact, whose data may have to be deleted.
      const details = { contactId, changed: namesOfChanged(before, after) }
      return { workspaceId, channelId, conversationId, actorId: agent.id, action: 'contact.changed', details }
    })
    await writeTrail(tx, trail)
    const events = await changedConversations(tx, [{ id: contactId }])
    const contact = await readContact(tx, contactId, reach)
    commitWithEvents(tx, events)
    return { contact, before }
  }
  return { contact: await readContact(tx, contactId, reach), before }
}

type Known = Pick<ContactDetails, 'givenName' | 'attributes'>

function namesOfChanged(before: Known, after: Known): string[] {
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])
  const changed = [...names].filter((name) => before.attributes[name] !== after.attributes[name])
  return [...(before.givenName === after.givenName ? [] : ['givenName']), ...changed]
}

function merged(
  before: Record<string, string>,
  changes: Record<string, string | null>,
): Record<string, string> {
  const entries = Object.entries({ ...before, ...changes })
  const kept = entries.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  if (kept.length > MOST_ATTRIBUTES) {
    const sentence = `A contact can have ${MOST_ATTRIBUTES} attributes.`
    throw new Refusal('INPUT_INVALID', sentence, { field: 'attributes' })
  }
  return Object.fromEntries(kept)
}
