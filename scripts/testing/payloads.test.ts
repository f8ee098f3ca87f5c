import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import { GROUP, STREAM } from '../../server/ingest/stream.ts'
import { DEMO, post } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { type Stack, startStack } from './stack.ts'

/** Deliveries that others wrote. They are not ours to keep in the repo, so the test runs where the folder is. */
const folder = join(import.meta.dir, '../../../shared/whatsapp/payloads')
const files = existsSync(folder) ? [...new Bun.Glob('*/*.json').scanSync(folder)].sort() : []

type Value = { [key: string]: unknown }
const list = (value: unknown): Value[] => (Array.isArray(value) ? value : [])

/** What a file holds, after it was addressed to the demo with ids of its own. */
type Addressed = {
  body: string
  wamids: string[]
  statuses: { wamid: string; status: string }[]
  hasOtherFields: boolean
}

function address(text: string, file: string): Addressed {
  const root = JSON.parse(text)
  const values: { field: string; value: Value }[] = list(root.entry).flatMap((entry) => {
    entry.id = DEMO.businessAccountId
    return list(entry.changes).map((change) => ({
      field: String(change.field),
      value: (change.value ?? {}) as Value,
    }))
  })
  const messages = values.flatMap(({ value }) => [
    ...list(value.messages),
    ...list(value.message_echoes),
    ...list(value.history).flatMap((chunk) => list(chunk.threads).flatMap((thread) => list(thread.messages))),
  ])
  for (const { value } of values) {
    if (value.metadata) (value.metadata as Value).phone_number_id = DEMO.phoneNumberId
  }
  const own = new Map<string, string>()
  const ownId = (id: string) => {
    const known = own.get(id) ?? `wamid.${file}.${own.size}`
    own.set(id, known)
    return known
  }
  for (const message of messages) message.id = ownId(String(message.id))
  const statuses = values
    .filter(({ field }) => field !== 'calls')
    .flatMap(({ value }) => list(value.statuses))
    .map((status) => {
      status.id = ownId(String(status.id))
      return { wamid: String(status.id), status: String(status.status) }
    })
  const READ = ['messages', 'smb_message_echoes', 'history']
  return {
    body: JSON.stringify(root),
    wamids: messages.map((message) => String(message.id)),
    statuses,
    hasOtherFields: values.some(({ field }) => !READ.includes(field)),
  }
}

describe.skipIf(files.length === 0)('deliveries that others wrote', () => {
  let stack: Stack
  let database: DatabaseClient
  let redis: Redis
  const addressed: (Addressed & { file: string })[] = []

  const sendAll = async () => {
    for (const { body, file } of addressed) {
      const response = await post(stack.url, body)
      expect({ file, status: response.status }).toEqual({ file, status: 200 })
    }
    await eventually(
      async () => {
        const [group] = (await redis.xinfo('GROUPS', STREAM)) as unknown[][]
        const at = (name: string) => group?.[group.indexOf(name) + 1]
        return at('name') === GROUP && at('pending') === 0 && at('lag') === 0
      },
      { withinMs: 20_000, what: 'everything is stored and nothing is pending' },
    )
  }

  beforeAll(async () => {
    stack = await startStack()
    database = openDatabase(stack.databaseUrl, { connections: 1 })
    redis = new Redis(stack.redisUrl)
    for (const file of files) {
      addressed.push({ file, ...address(await Bun.file(join(folder, file)).text(), file) })
    }
    await sendAll()
  })
  afterAll(async () => {
    redis.disconnect()
    await database.close()
    await stack.stop()
  })

  test('every message has exactly one row, and what is not understood keeps its raw form', async () => {
    expect(addressed.flatMap((one) => one.wamids).length).toBeGreaterThan(60)
    for (const { file, wamids } of addressed) {
      const rows = await database.sql<{ wamid: string; kind: string; raw: unknown }[]>`
        select wamid, content ->> 'kind' as kind, raw from messages where wamid = any(${wamids}::text[])`
      expect({ file, wamids: rows.map((row) => row.wamid).sort() }).toEqual({
        file,
        wamids: [...wamids].sort(),
      })
      for (const row of rows) if (row.kind === 'unknown') expect(row.raw).not.toBeNull()
    }
  })

  test('every status is applied or waits', async () => {
    expect(addressed.flatMap((one) => one.statuses).length).toBeGreaterThan(10)
    for (const { file, statuses } of addressed) {
      for (const { wamid, status } of statuses) {
        const rows = await database.sql`
          select 1 from message_statuses where wamid = ${wamid} and status = ${status.toLowerCase()}`
        expect({ file, status, kept: rows.length }).toEqual({ file, status, kept: 1 })
      }
    }
  })

  test('every other field is kept as a channel event', async () => {
    const withOthers = addressed.filter((one) => one.hasOtherFields)
    expect(withOthers.length).toBeGreaterThan(30)
    const kept = await database.sql<{ count: number }[]>`select count(*)::int as count from channel_events`
    const bodies = new Set(withOthers.map((one) => one.body))
    expect(kept[0]?.count).toBeGreaterThanOrEqual(bodies.size)
  })

  test('nothing ends as a dead letter', async () => {
    const letters = await database.sql`select path, reason, detail, left(raw, 300) as raw from dead_letters`
    expect([...letters]).toEqual([])
  })

  test('all of it again changes nothing', async () => {
    const count = async () =>
      (
        await database.sql`
          select (select count(*) from messages) as messages, (select count(*) from message_statuses) as statuses,
                 (select count(*) from channel_events) as news, (select count(*) from contacts) as contacts,
                 (select last_seq from event_counters) as seq, (select sum(unread_count) from conversations) as unread`
      )[0]
    const before = await count()
    await sendAll()
    expect(await count()).toEqual(before)
  })
})
