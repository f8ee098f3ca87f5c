import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { enqueueJobs } from '../../db/enqueueJobs.ts'
import { conversationsById } from '../inbox/readConversations.ts'
import { createBell } from '../live/bell.ts'
import { createLog } from '../log.ts'
import { connectBlockingRedis, connectRedis } from '../redis.ts'
import { newKey } from '../storage/mediaKey.ts'
import { textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { TestOutbox } from '../testing/testOutbox.ts'
import { testRedis } from '../testing/testRedis.ts'
import { keepRetention } from './keepRetention.ts'
import { workJobs } from './workJobs.ts'

let inbox: TestOutbox
let customers = 0
const log = createLog({ level: 'silent', name: 'test' })
const never = new AbortController().signal
const DAY_MS = 86_400_000

beforeAll(async () => {
  inbox = await TestOutbox.open()
})
afterAll(() => inbox.close())
beforeEach(async () => {
  await sql()`update channels set retention_days = null`
})

const sql = () => inbox.workspace.sql
const days = (count: number) => new Date(inbox.clock.getTime() - count * DAY_MS)
const keeps = (count: number | null) => sql()`update channels set retention_days = ${count}`
const oneDay = () =>
  keepRetention({ sql: sql(), bell: { ring: () => {} }, log, now: () => inbox.clock }, never)
const says = (phone: string, text: string, ago: number) =>
  inbox.receive(textDelivery(`wamid.${phone}.${text}`, text, phone, days(ago)))
const textsOf = async (phone: string) => {
  const rows = await sql()<{ body: string }[]>`
    select m.body from messages m join conversations c on c.id = m.conversation_id
    join contacts k on k.id = c.contact_id where k.phone = ${phone} order by m.position`
  return rows.map((row) => row.body)
}
const conversationOf = async (phone: string) => {
  const [row] = await sql()<{ id: string }[]>`
    select c.id from conversations c join contacts k on k.id = c.contact_id where k.phone = ${phone}`
  return (await conversationsById(sql(), [row?.id ?? '']))[0]
}
const someone = () => `1650556${1000 + customers++}`
const audited = () =>
  sql()<{ details: { messages: number; files: number; retentionDays: number }; channelId: string }[]>`
    select details, channel_id from audit_entries where action = 'retention.applied' order by created_at, id`

describe('a channel that keeps messages for some days', () => {
  test('loses the older ones, and nothing of the others', async () => {
    const [one, other] = [someone(), someone()]
    await says(one, 'old', 31)
    await says(one, 'young', 29)
    await says(other, 'older', 400)
    await keeps(30)
    await oneDay()
    expect(await textsOf(one)).toEqual(['young'])
    expect(await textsOf(other)).toEqual([])
    // The conversation stays, with whom it is and where it stood in the list.
    expect(await conversationOf(other)).toMatchObject({ lastMessage: null, unreadCount: 0 })
    expect(await conversationOf(one)).toMatchObject({ lastMessage: { body: 'young' }, unreadCount: 1 })
  })

  test('keeps everything when it is told to keep everything', async () => {
    const one = someone()
    await says(one, 'very old', 4000)
    await keeps(null)
    await oneDay()
    expect(await textsOf(one)).toEqual(['very old'])
  })

  test('loses their files too, and tells in the audit log how many of both', async () => {
    const one = someone()
    await says(one, 'with a file', 50)
    const mediaId = Bun.randomUUIDv7()
    const key = newKey()
    await sql()`
      insert into media (id, workspace_id, channel_id, conversation_id, direction, kind, state, storage_key, size_bytes)
      select ${mediaId}, m.workspace_id, m.channel_id, m.conversation_id, 'in', 'image', 'stored', ${key}, 7
      from messages m where m.body = 'with a file'`
    await sql()`update messages set media_id = ${mediaId} where body = 'with a file'`
    await keeps(45)
    const before = (await audited()).length
    await oneDay()
    expect(await sql()`select 1 from media where id = ${mediaId}`).toHaveLength(0)
    expect(await sql()`select 1 from files_to_remove where storage_key = ${key}`).toHaveLength(1)
    expect(await sql()`select 1 from pgboss.job where name = 'media.remove' limit 1`).toHaveLength(1)
    const entries = await audited()
    expect(entries).toHaveLength(before + 1)
    expect(entries.at(-1)).toMatchObject({ details: { files: 1, retentionDays: 45 } })
    expect(entries.at(-1)?.details.messages).toBeGreaterThan(0)
  })

  test('tells the tabs that show them, and a day without anything too old says nothing', async () => {
    const one = someone()
    await says(one, 'gone soon', 40)
    await keeps(30)
    await oneDay()
    const conversation = await conversationOf(one)
    const told = (await inbox.events()).filter(
      (event) => event.type === 'messages.removed' && event.conversationId === conversation?.id,
    )
    expect(told).toHaveLength(1)
    const [events, entries] = [(await inbox.events()).length, (await audited()).length]
    await oneDay()
    expect([(await inbox.events()).length, (await audited()).length]).toEqual([events, entries])
  })

  test('works through more than fits into one transaction, in every conversation', async () => {
    const many = [someone(), someone(), someone()]
    for (const phone of many) await says(phone, 'first', 60)
    await sql()`
      insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, content, position, sent_at)
      select gen_random_uuid(), c.workspace_id, c.channel_id, c.id, 'in', 'text', 'received', '{}',
        lpad((extract(epoch from ${days(60)}::timestamptz)::bigint)::text, 10, '0') || lpad(n::text, 24, '0'), ${days(60)}
      from conversations c join contacts k on k.id = c.contact_id, generate_series(1, 250) n
      where k.phone = any(${many}::text[])`
    await says(many[1] ?? '', 'young', 1)
    await keeps(30)
    await oneDay()
    expect(await Promise.all(many.map(textsOf))).toEqual([[], ['young'], []])
    const removed = (await audited()).at(-1)
    expect(removed?.details.messages).toBeGreaterThanOrEqual(753)
  })

  test('never loses what still waits to be sent', async () => {
    const one = someone()
    const conversationId = await inbox.openConversation(one)
    const { id } = await inbox.send(conversationId, 'in line')
    await sql()`update messages set position = '0' where id = ${id}`
    await keeps(30)
    await oneDay()
    expect(await textsOf(one)).toContain('in line')
  })
})

describe('the log of events', () => {
  test('keeps a week, and its newest event however old it is', async () => {
    await says(someone(), 'something', 0)
    await says(someone(), 'something else', 0)
    const [before] = await sql()<{ count: number; last: string }[]>`
      select count(*)::int as count, max(seq)::text as last from events`
    expect(before?.count).toBeGreaterThan(2)
    await oneDay()
    const count = async () => (await sql()`select 1 from events`).length
    expect(await count()).toBe(before?.count ?? 0)
    await sql()`update events set created_at = ${days(8)}`
    await oneDay()
    const left = await sql()<{ seq: string }[]>`select seq::text from events`
    expect(left.map((row) => row.seq)).toEqual([before?.last ?? ''])
  })
})

describe('what nobody waits for', () => {
  test('an upload that was never sent goes after thirty days, with its bytes; one that was sent, or is young, stays', async () => {
    const conversationId = await inbox.openConversation(someone())
    const sent = await inbox.send(conversationId, 'with a file')
    const uploads = { forgotten: 31, young: 29, sent: 31 }
    const idOf: Record<string, string> = {}
    for (const [name, age] of Object.entries(uploads)) {
      const id = Bun.randomUUIDv7()
      idOf[name] = id
      await sql()`
        insert into media (id, workspace_id, channel_id, direction, kind, state, storage_key, size_bytes, created_at)
        select ${id}, workspace_id, channel_id, 'out', 'image', 'stored', ${`key of ${name}`}, 7, ${days(age)}
        from conversations where id = ${conversationId}`
    }
    await sql()`update messages set media_id = ${idOf['sent'] ?? ''} where id = ${sent.id}`
    await oneDay()
    const left = await sql()<
      { id: string }[]
    >`select id from media where id = any(${Object.values(idOf)}::uuid[])`
    expect(left.map(({ id }) => id).sort()).toEqual([idOf['young'] ?? '', idOf['sent'] ?? ''].sort())
    const gone = await sql()<{ storageKey: string }[]>`
      select storage_key from files_to_remove where storage_key like 'key of %'`
    expect([...gone]).toEqual([{ storageKey: 'key of forgotten' }])
  })

  test('a dead letter goes thirty days after it was settled; one that nobody settled stays, however old', async () => {
    const settledAgo = { old: 31, young: 29, open: null }
    for (const [name, ago] of Object.entries(settledAgo))
      await sql()`
        insert into dead_letters (id, stream_id, path, reason, raw, created_at, resolved_at, resolution)
        values (${Bun.randomUUIDv7()}, ${`letter ${name}`}, '', 'not_json', '{', ${days(400)},
          ${ago === null ? null : days(ago)}, ${ago === null ? null : 'discarded'})`
    await oneDay()
    const left = await sql()<{ streamId: string }[]>`
      select stream_id from dead_letters where stream_id like 'letter %' order by stream_id`
    expect(left.map(({ streamId }) => streamId)).toEqual(['letter open', 'letter young'])
  })
})

test('the job does it, and stands in the calendar of the jobs', async () => {
  const { url } = await testRedis()
  const [redis, subscriber] = [connectRedis(url, log), connectBlockingRedis(url, 0, log)]
  const bell = createBell(redis, subscriber, log)
  const one = someone()
  await says(one, 'old', 31)
  await keeps(30)
  const parts = { sql: sql(), bell, log, now: () => inbox.clock }
  const jobs = await workJobs(
    { databaseUrl: inbox.workspace.databaseUrl, bell, log },
    { 'data.retain': (_, signal) => keepRetention(parts, signal) },
  )
  await sql().begin((tx) => enqueueJobs(tx, 'data.retain', [{}]))
  bell.ring('jobs')
  await eventually(async () => (await textsOf(one)).length === 0, { withinMs: 10_000 })
  expect([...(await sql()`select cron from pgboss.schedule where name = 'data.retain'`)]).toMatchObject([
    { cron: '17 3 * * *' },
  ])
  await jobs.stop()
  bell.close()
  redis.disconnect()
  subscriber.disconnect()
})
