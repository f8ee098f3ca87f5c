import { asc, eq, sql } from 'drizzle-orm'
import { openDatabase } from './client.ts'
import {
  channels,
  conversations,
  eventCounters,
  events,
  messageAttempts,
  messageReactions,
  messageStatuses,
  messages,
  workspaces,
} from './schema/index.ts'
import { insertAgents, insertContacts } from './seed/insertPeople.ts'
import { threadRows } from './seed/threadRows.ts'
import { THREADS } from './seed/threads.ts'

/** Names the lock that keeps two seeds apart: any number that no other program is likely to take. */
const SEED_LOCK = 0x73656564

export type DemoChannel = {
  phoneNumberId: string
  displayPhoneNumber: string
  businessAccountId: string
  name: string
}

/**
 * Writes the demo workspace, once, in one transaction: agents, teams, a channel, and a morning's conversations.
 * When it is there already, only the ids of its channel follow the argument, so that the demo can be pointed elsewhere.
 */
export async function seedDemo(databaseUrl: string, channel: DemoChannel): Promise<{ seeded: boolean }> {
  const client = openDatabase(databaseUrl, { connections: 1 })
  try {
    return await client.db.transaction(async (db) => {
      await db.execute(sql`select pg_advisory_xact_lock(${SEED_LOCK}::bigint)`)
      const [demo] = await db.select().from(workspaces).where(eq(workspaces.isDemo, true)).limit(1)
      const { phoneNumberId, displayPhoneNumber, businessAccountId, name } = channel
      const ids = { phoneNumberId, displayPhoneNumber, businessAccountId }
      if (demo) {
        const [first] = await db
          .select({ id: channels.id })
          .from(channels)
          .where(eq(channels.workspaceId, demo.id))
          .orderBy(asc(channels.createdAt), asc(channels.id))
          .limit(1)
        if (first) await db.update(channels).set(ids).where(eq(channels.id, first.id))
        return { seeded: false }
      }

      const workspaceId = Bun.randomUUIDv7()
      const channelId = Bun.randomUUIDv7()
      await db.insert(workspaces).values({ id: workspaceId, name: 'Baton Demo', isDemo: true })
      await db.insert(channels).values({ id: channelId, workspaceId, name, ...ids })
      const agents = await insertAgents(db, workspaceId, channelId)
      const people = await insertContacts(db, workspaceId)
      const now = new Date()
      const threads = THREADS.flatMap((thread) => {
        const contact = people.get(thread.customer)
        return contact ? [threadRows(thread, { workspaceId, channelId, contact, agents, now })] : []
      })
      await db.insert(conversations).values(threads.map((rows) => rows.conversation))
      await db.insert(messages).values(threads.flatMap((rows) => rows.messages))
      await db.insert(messageAttempts).values(threads.flatMap((rows) => rows.attempts))
      await db.insert(messageStatuses).values(threads.flatMap((rows) => rows.statuses))
      await db.insert(messageReactions).values(threads.flatMap((rows) => rows.reactions))

      const log = threads.flatMap((rows) => rows.events).toSorted((a, b) => a.at.getTime() - b.at.getTime())
      await db.insert(events).values(
        log.map(({ at, conversationId, event }, index) => ({
          workspaceId,
          seq: BigInt(index + 1),
          type: event.type,
          channelId,
          conversationId,
          payload: event,
          createdAt: at,
        })),
      )
      await db.insert(eventCounters).values({ workspaceId, lastSeq: BigInt(log.length) })
      return { seeded: true }
    })
  } finally {
    await client.close()
  }
}
