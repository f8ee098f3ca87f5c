import { createPasswordHash } from '../../server/auth/password.ts'
import type { AgentName, ContactSnapshot } from '../../server/inbox/snapshot.ts'
import { canonicalPhone } from '../../server/whatsapp/phone.ts'
import type { Database } from '../client.ts'
import {
  accounts,
  agents,
  channelTeams,
  contactIdentities,
  contacts,
  memberships,
  teamMembers,
  teams,
} from '../schema/index.ts'
import { AGENTS, CUSTOMERS, DEMO_PASSWORD, type DemoAgent, type DemoCustomer, TEAMS } from './people.ts'

export type Writer = Pick<Database, 'insert'>

const named = <K extends string, V>(entries: [K, V][]) => new Map(entries)
const keysOf = <K extends string>(table: Record<K, unknown>) => {
  const keys: K[] = []
  for (const key in table) keys.push(key)
  return keys
}

/** The agents with their password, the teams, and which team answers the channel. */
export async function insertAgents(
  db: Writer,
  workspaceId: string,
  channelId: string,
): Promise<Record<DemoAgent, AgentName>> {
  const teamIds = named(TEAMS.map((name) => [name, Bun.randomUUIDv7()]))
  const idOf = (team: (typeof TEAMS)[number]) => teamIds.get(team) ?? Bun.randomUUIDv7()
  await db.insert(teams).values(TEAMS.map((name) => ({ id: idOf(name), workspaceId, name })))
  await db.insert(channelTeams).values({ channelId, teamId: idOf('Support') })

  const enter = async (key: DemoAgent): Promise<AgentName> => {
    const { name, email, role, teams: own } = AGENTS[key]
    const id = Bun.randomUUIDv7()
    const password = await createPasswordHash(DEMO_PASSWORD)
    await db.insert(agents).values({ id, name, email, emailVerified: true })
    await db
      .insert(accounts)
      .values({ id: Bun.randomUUIDv7(), agentId: id, accountId: id, providerId: 'credential', password })
    await db.insert(memberships).values({ workspaceId, agentId: id, role })
    for (const team of own) await db.insert(teamMembers).values({ teamId: idOf(team), agentId: id })
    return { id, name }
  }
  return {
    ana: await enter('ana'),
    ben: await enter('ben'),
    carla: await enter('carla'),
    dan: await enter('dan'),
  }
}

/** The customers, with the ids by which WhatsApp knows them. */
export async function insertContacts(
  db: Writer,
  workspaceId: string,
): Promise<Map<DemoCustomer, ContactSnapshot>> {
  const people = new Map<DemoCustomer, ContactSnapshot>()
  for (const key of keysOf(CUSTOMERS)) {
    const customer: { name?: string; phone?: string; username?: string; userId?: string } = CUSTOMERS[key]
    const { name = null, phone = null, username = null, userId } = customer
    const contact: ContactSnapshot = {
      id: Bun.randomUUIDv7(),
      kind: 'person',
      name,
      phone,
      username,
      optedOutAt: null,
    }
    await db.insert(contacts).values({ ...contact, optedOutAt: null, workspaceId, profileAt: new Date() })
    const identity = { workspaceId, contactId: contact.id }
    if (phone) {
      const value = canonicalPhone(phone)
      await db.insert(contactIdentities).values({ ...identity, id: Bun.randomUUIDv7(), kind: 'phone', value })
    }
    if (userId) {
      await db
        .insert(contactIdentities)
        .values({ ...identity, id: Bun.randomUUIDv7(), kind: 'bsuid', value: userId })
    }
    people.set(key, contact)
  }
  return people
}
