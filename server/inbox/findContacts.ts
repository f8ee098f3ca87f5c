import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { Person } from '../whatsapp/delivery.ts'
import { canonicalPhone } from '../whatsapp/phone.ts'

/** Somebody to be found or made: a person by their ids, or a group by its own. */
export type Wanted = {
  workspaceId: string
  who: { person: Person } | { groupId: string }
  /** When what is said about their name was true. */
  seenAt: Date
}

type Identity = { kind: 'phone' | 'bsuid' | 'parent_bsuid' | 'group'; value: string }

/**
 * The contact of each wanted, in the same order; contacts that are not known yet are made. The same person under several
 * ids, in one call or in two at the same moment, gets one contact. A constant number of statements.
 */
export async function findContacts(tx: Transaction, wanted: readonly Wanted[]): Promise<string[]> {
  if (wanted.length === 0) return []
  const people = wanted.map((one) => ({ ...one, identities: identitiesOf(one) }))
  const known: Known = new Map()
  await lookUp(tx, people.flatMap(keysOf), known)

  const strangers = people.filter((one) => contactOf(one, known) === undefined)
  if (strangers.length > 0) {
    // Two consumers may meet a new customer at once. Whoever gets these locks first makes the contact, the other finds it.
    const keys = [...new Set(strangers.flatMap(keysOf))].sort()
    await tx`select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(${keys}::text[]) as key`
    await lookUp(tx, keys, known)
  }
  await createMissing(tx, people, known)
  await updateProfiles(tx, people, known)
  return people.map((one) => {
    const contactId = contactOf(one, known)
    if (contactId === undefined) throw new Error('A contact was neither found nor made')
    return contactId
  })
}

type Identified = Wanted & { identities: Identity[] }

/** What is known of whoever has an identity. `profile` null: the contact is being made in this transaction. */
type Known = Map<string, { contactId: string; profile: KnownProfile | null }>
type KnownProfile = {
  name: string | null
  username: string | null
  phone: string | null
  profileAt: Date | null
  phoneSaidAt: Date | null
}

function identitiesOf({ who }: Wanted): Identity[] {
  if ('groupId' in who) return [{ kind: 'group', value: who.groupId }]
  const { phone, userId, parentUserId } = who.person
  const identities: Identity[] = []
  if (phone !== null) identities.push({ kind: 'phone', value: canonicalPhone(phone) })
  if (userId !== null) identities.push({ kind: 'bsuid', value: userId })
  if (parentUserId !== null) identities.push({ kind: 'parent_bsuid', value: parentUserId })
  return identities
}

const keyOf = (workspaceId: string, { kind, value }: Identity) => `${workspaceId} ${kind} ${value}`
const keysOf = (one: Identified) => one.identities.map((identity) => keyOf(one.workspaceId, identity))
const contactOf = (one: Identified, known: Known) =>
  keysOf(one)
    .map((key) => known.get(key)?.contactId)
    .find((contactId) => contactId !== undefined)

async function lookUp(tx: Transaction, keys: string[], known: Known): Promise<void> {
  const rows = [...new Set(keys)].map((key) => {
    const [workspaceId = '', kind = '', ...value] = key.split(' ')
    return { workspaceId, kind, value: value.join(' ') }
  })
  const found = await tx<(Identity & KnownProfile & { workspaceId: string; contactId: string })[]>`
    select i.workspace_id, i.kind, i.value, i.contact_id, c.name, c.username, c.phone, c.profile_at, c.phone_said_at
    from ${unnest(tx, rows, { workspaceId: 'uuid', kind: 'text', value: 'text' })}
    join contact_identities i on i.workspace_id = r."workspaceId" and i.kind = r.kind and i.value = r.value
    join contacts c on c.id = i.contact_id`
  for (const row of found) known.set(keyOf(row.workspaceId, row), { contactId: row.contactId, profile: row })
}

/** Makes contacts for strangers, and notes ids of known ones that are new to us. */
async function createMissing(tx: Transaction, people: Identified[], known: Known): Promise<void> {
  const contacts: { id: string; workspaceId: string; kind: string; phone: string | null }[] = []
  const identities: { id: string; workspaceId: string; contactId: string; kind: string; value: string }[] = []
  for (const one of people) {
    const { workspaceId, who } = one
    const contactId = contactOf(one, known) ?? Bun.randomUUIDv7()
    if (contactOf(one, known) === undefined) {
      const isGroup = 'groupId' in who
      contacts.push({
        id: contactId,
        workspaceId,
        kind: isGroup ? 'group' : 'person',
        phone: isGroup ? null : who.person.phone,
      })
    }
    for (const identity of one.identities) {
      const key = keyOf(workspaceId, identity)
      if (known.has(key)) continue
      known.set(key, { contactId, profile: null })
      identities.push({ id: Bun.randomUUIDv7(), workspaceId, contactId, ...identity })
    }
  }
  if (contacts.length > 0) {
    await tx`
      insert into contacts (id, workspace_id, kind, phone)
      select r.id, r."workspaceId", r.kind, r.phone
      from ${unnest(tx, contacts, { id: 'uuid', workspaceId: 'uuid', kind: 'text', phone: 'text' })}`
  }
  if (identities.length > 0) {
    await tx`
      insert into contact_identities (id, workspace_id, contact_id, kind, value)
      select r.id, r."workspaceId", r."contactId", r.kind, r.value
      from ${unnest(tx, identities, { id: 'uuid', workspaceId: 'uuid', contactId: 'uuid', kind: 'text', value: 'text' })}
      on conflict do nothing`
  }
}

type Profile = {
  id: string
  name: string | null
  username: string | null
  phone: string | null
  seenAt: Date | null
  /** When they wrote from `phone`. */
  phoneSaidAt: Date | null
}

/**
 * How far `profile_at` may lag behind while nothing else changes: else every message would write its contact. A name that was
 * given up for another within that time could come back by a late delivery, until the next message.
 */
const PROFILE_LAG_MS = 60 * 60 * 1000

/**
 * The newest profile wins, whatever order deliveries come in and whoever stores them. All that is compared stands on the row
 * that is updated, so a transaction that had to wait for another compares with what that one wrote.
 */
async function updateProfiles(tx: Transaction, people: Identified[], known: Known): Promise<void> {
  const profiles = new Map<string, Profile>()
  const before = new Map<string, KnownProfile | null>()
  for (const one of people) {
    const contact = keysOf(one).flatMap((key) => known.get(key) ?? [])[0]
    if (contact === undefined || 'groupId' in one.who) continue
    const id = contact.contactId
    before.set(id, contact.profile)
    const other = profiles.get(id) ?? {
      id,
      name: null,
      username: null,
      phone: null,
      seenAt: null,
      phoneSaidAt: null,
    }
    const { name, username, phone } = one.who.person
    const isNewer = name !== null && (other.seenAt === null || one.seenAt > other.seenAt)
    profiles.set(id, {
      ...other,
      ...(phone !== null && isLaterPhone(phone, one.seenAt, other) && { phone, phoneSaidAt: one.seenAt }),
      ...(isNewer && { name, username, seenAt: one.seenAt }),
    })
  }
  const rows = [...profiles.values()]
    .filter((profile) => saysMore(profile, before.get(profile.id) ?? null))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  if (rows.length === 0) return
  await tx`
    update contacts c
    set name = case when ${isNewer(tx)} then r.name else c.name end,
        username = case when ${isNewer(tx)} then r.username else c.username end,
        profile_at = case when ${isNewer(tx)} then r."seenAt" else c.profile_at end,
        phone = case when ${isLaterNumber(tx)} then r.phone else coalesce(c.phone, r.phone) end,
        phone_said_at = case when ${isLaterNumber(tx)} then r."phoneSaidAt" else c.phone_said_at end
    from ${unnest(tx, rows, {
      id: 'uuid',
      name: 'text',
      username: 'text',
      phone: 'text',
      seenAt: 'timestamptz',
      phoneSaidAt: 'timestamptz',
    })}
    where c.id = r.id and (${isNewer(tx)} or ${isLaterNumber(tx)} or (c.phone is null and r.phone is not null))`
}

/** Of two numbers of one second the greater counts: any rule will do that does not depend on who came first. */
function isLaterPhone(phone: string, saidAt: Date, other: Profile): boolean {
  if (other.phone === null || other.phoneSaidAt === null) return true
  const ms = saidAt.getTime() - other.phoneSaidAt.getTime()
  return ms > 0 || (ms === 0 && phone > other.phone)
}

/** Only a contact with several numbers keeps when each was used last: answers go to that one. */
const isLaterNumber = (tx: Transaction) => tx`
  (r.phone is not null and c.phone_said_at is not null and (c.phone_said_at, c.phone) < (r."phoneSaidAt", r.phone))`

function saysMore(profile: Profile, known: KnownProfile | null): boolean {
  const { name, username, phone, seenAt } = profile
  if (known === null || (known.phone === null && phone !== null)) return true
  if (known.phoneSaidAt !== null && phone !== null) return true
  if (name === null || seenAt === null) return false
  if (name !== known.name || username !== known.username || known.profileAt === null) return true
  return seenAt.getTime() - known.profileAt.getTime() > PROFILE_LAG_MS
}

/** Of two profiles of the same second the greater name counts: any rule will do that does not depend on who came first. */
const isNewer = (tx: Transaction) => tx`
  (r.name is not null and (c.profile_at is null or (c.profile_at, c.name) < (r."seenAt", r.name)))`
