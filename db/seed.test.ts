import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { seedCustomers } from '../scripts/simulate/customers.ts'
import { agentOf } from '../server/auth/agentOf.ts'
import { isPasswordOf } from '../server/auth/password.ts'
import { type TestDatabase, testDatabase } from '../server/testing/testDatabase.ts'
import { canonicalPhone } from '../server/whatsapp/phone.ts'
import { type DatabaseClient, openDatabase } from './client.ts'
import { accounts, agents } from './schema/index.ts'
import { seedDemo } from './seed.ts'

const channel = {
  phoneNumberId: '106540352242922',
  displayPhoneNumber: '15550783881',
  businessAccountId: '102290129340398',
  name: 'Linden & Oak',
}

let database: TestDatabase
let client: DatabaseClient

beforeAll(async () => {
  database = await testDatabase()
  client = openDatabase(database.url)
  const both = await Promise.all([seedDemo(database.url, channel), seedDemo(database.url, channel)])
  expect(both.map((one) => one.seeded).toSorted()).toEqual([false, true])
})

afterAll(async () => {
  await client.close()
  await database.drop()
})

const count = async (table: string) => {
  const [row] = await client.sql`select count(*)::int as count from ${client.sql(table)}`
  return row?.count
}

describe('the demo workspace', () => {
  test('is written once, and its channel follows the ids it is given', async () => {
    const before = await count('messages')
    expect(before).toBeGreaterThan(30)
    const moved = { ...channel, phoneNumberId: '42' }
    expect(await seedDemo(database.url, moved)).toEqual({ seeded: false })
    expect(await client.sql`select phone_number_id from channels`).toMatchObject([{ phoneNumberId: '42' }])
    expect(await seedDemo(database.url, channel)).toEqual({ seeded: false })
    expect(await count('messages')).toBe(before)
    expect(await count('workspaces')).toBe(1)
  })

  test('has four agents with their teams and the password of the README', async () => {
    const rows = await client.db.select().from(agents)
    const known = await Promise.all(rows.map((row) => agentOf(client.sql, row.id)))
    expect(known.map((agent) => [agent?.email, agent?.role, agent?.teamIds.length]).toSorted()).toEqual([
      ['ana@demo.baton', 'agent', 1],
      ['ben@demo.baton', 'agent', 1],
      ['carla@demo.baton', 'administrator', 0],
      ['dan@demo.baton', 'agent', 1],
    ])
    const [account] = await client.db.select().from(accounts).limit(1)
    expect(account?.password).toStartWith('$argon2id$')
    expect(await isPasswordOf(account?.password ?? '', 'baton-demo')).toBe(true)
  })

  test('shows each conversation as its messages say', async () => {
    const wrong = await client.sql`
      select c.id from conversations c
      join lateral (
        select * from messages m where m.conversation_id = c.id order by position desc limit 1
      ) newest on true
      where c.last_message_id <> newest.id or c.last_position <> newest.position
         or c.version <> (select count(*) from messages m where m.conversation_id = c.id)
         or c.last_inbound_at <> (
              select max(sent_at) from messages m where m.conversation_id = c.id and direction = 'in')`
    expect(wrong).toHaveLength(0)
    const positions = await client.sql`
      select conversation_id, position from messages group by 1, 2 having count(*) > 1`
    expect(positions).toHaveLength(0)
  })

  test('has an event for each message, numbered without gaps in the order of time', async () => {
    const events = await client.sql`select seq::int, created_at, payload from events order by seq`
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
    expect(events).toHaveLength(await count('messages'))
    expect(events.map((event) => event.createdAt.getTime())).toEqual(
      events.map((event) => event.createdAt.getTime()).toSorted((a, b) => a - b),
    )
    expect(await client.sql`select last_seq::int from event_counters`).toMatchObject([
      { lastSeq: events.length },
    ])
    const newest = new Map(events.map(({ payload }) => [payload.conversation.id, payload.conversation]))
    const rows = await client.sql`select id, unread_count, version::int, last_position from conversations`
    for (const row of rows) expect(newest.get(row.id)).toMatchObject({ ...row })
  })

  test('has an attempt for each message that we sent, with the same status', async () => {
    const wrong = await client.sql`
      select m.id from messages m left join message_attempts a on a.message_id = m.id and a.wamid = m.wamid
      where m.direction = 'out' and a.status is distinct from m.status`
    expect(wrong).toHaveLength(0)
    const statuses = await client.sql`select distinct status from messages order by status`
    expect(statuses.map((row) => row.status)).toEqual(['delivered', 'failed', 'read', 'received', 'sent'])
    expect(
      await client.sql`select error->>'code' as code from messages where status = 'failed'`,
    ).toMatchObject([{ code: '131026' }])
  })

  test('joins reactions to the messages they are about', async () => {
    const rows = await client.sql`
      select r.actor from message_reactions r join messages m on m.wamid = r.target_wamid order by 1`
    expect(rows).toHaveLength(2)
    expect(rows.some((row) => row.actor === 'business')).toBe(true)
  })

  test('knows the phones of the simulator, so that a thread goes on when one of them writes', async () => {
    const rows = await client.sql`select value from contact_identities where kind = 'phone'`
    const known = new Set(rows.map((row) => row.value))
    for (const { number } of seedCustomers) expect(known.has(canonicalPhone(number))).toBe(true)
  })

  test('has one window that closes within the hour, and closed ones', async () => {
    const rows = await client.sql<{ minutes: number }[]>`
      select extract(epoch from last_inbound_at + interval '24 hours' - now()) / 60 as minutes from conversations`
    const left = rows.map((row) => Number(row.minutes))
    expect(left.filter((minutes) => minutes > 0 && minutes < 60)).toHaveLength(1)
    expect(left.some((minutes) => minutes < 0)).toBe(true)
  })
})
