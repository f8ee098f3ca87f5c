import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { persist } from '../ingest/persist.ts'
import { type Delivery, delivery, seconds, statusDelivery, textDelivery } from '../testing/delivery.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import type { ReceivedItem } from './storeDeliveries.ts'

let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())

beforeEach(async () => {
  await workspace.sql`
    truncate messages, message_attempts, message_statuses, message_reactions, events, outbox, dead_letters, channel_events,
      conversations, contacts, contact_identities cascade`
  await workspace.sql`update event_counters set last_seq = 0`
})

let streamMs = Date.now()
/** What the consumer would make of these bodies, one stream entry each. */
function received(...bodies: (Delivery | string)[]): ReceivedItem[] {
  return bodies.flatMap((body) => {
    const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
    const receivedAt = new Date(streamMs)
    const streamId = `${streamMs++}-0`
    return readDelivery(bytes, receivedAt).map((item) => ({ ...item, streamId, receivedAt, body: bytes }))
  })
}
const store = (items: ReceivedItem[]) => persist(workspace.sql, items, () => new Date())

const messageRows = () => workspace.sql<
  { wamid: string; status: string; body: string; conversationId: string }[]
>`
  select wamid, status, body, conversation_id from messages order by position`

/** An echo: sent by us from elsewhere, so that statuses have something to climb. */
const echo = (wamid: string) =>
  delivery(
    {
      message_echoes: [
        {
          from: '15550783881',
          to: '16505551234',
          id: wamid,
          timestamp: seconds(new Date()),
          type: 'text',
          text: { body: 'Hello' },
        },
      ],
    },
    'smb_message_echoes',
  )

describe('storing deliveries', () => {
  test('a redelivered webhook adds no second message, no unread count and no event', async () => {
    const again = received(textDelivery('wamid.1', 'Hi'))
    await store(again)
    await store(again)
    await store(received(textDelivery('wamid.1', 'Hi')))
    expect(await messageRows()).toHaveLength(1)
    const [row] =
      await workspace.sql`select unread_count, (select last_seq from event_counters)::int as seq from conversations`
    expect(row).toEqual({ unreadCount: 1, seq: 1 })
  })

  test('an album of ten images from a new customer, in ten POSTs at once, makes one contact and one conversation', async () => {
    const images = Array.from({ length: 10 }, (_, index) =>
      delivery({
        contacts: [{ profile: { name: 'Lena' }, wa_id: '4915550100176' }],
        messages: [
          {
            from: '4915550100176',
            id: `wamid.album.${index}`,
            timestamp: '1750000000',
            type: 'image',
            image: { id: `${index}`, mime_type: 'image/jpeg' },
          },
        ],
      }),
    )
    await Promise.all(images.map((image) => store(received(image))))
    const [counts] = await workspace.sql`
      select (select count(*) from contacts)::int as contacts, (select count(*) from conversations)::int as conversations,
             (select count(*) from messages where type = 'image')::int as messages`
    expect(counts).toEqual({ contacts: 1, conversations: 1, messages: 10 })
  })

  test('equal seconds keep the order of arrival, and an older message that comes late stands where it belongs', async () => {
    const moment = new Date('2026-11-20T10:00:00Z')
    const anHourBefore = new Date('2026-11-20T09:00:00Z')
    await store(
      received(textDelivery('b', 'second', undefined, moment), textDelivery('c', 'third', undefined, moment)),
    )
    await store(received(textDelivery('a', 'first', undefined, anHourBefore)))
    expect((await messageRows()).map((row) => row.body)).toEqual(['first', 'second', 'third'])
    const [late] = await workspace.sql`select is_late from messages where wamid = 'a'`
    expect(late).toEqual({ isLate: true })
  })

  test('a status that comes before its message waits, and is applied when the message comes', async () => {
    await store(received(statusDelivery('wamid.echo', 'read')))
    expect(await workspace.sql`select status from message_statuses where message_id is null`).toHaveLength(1)
    await store(received(echo('wamid.echo')))
    expect(await messageRows()).toMatchObject([{ wamid: 'wamid.echo', status: 'read' }])
    expect(await workspace.sql`select status from message_statuses where message_id is null`).toHaveLength(0)
  })

  test('a status that comes in one batch with its message is applied, whichever stands first', async () => {
    await store(received(echo('wamid.a'), statusDelivery('wamid.a', 'delivered')))
    await store(received(statusDelivery('wamid.b', 'read'), echo('wamid.b')))
    expect((await messageRows()).map((row) => row.status)).toEqual(['delivered', 'read'])
    expect(await workspace.sql`select 1 from message_statuses where message_id is null`).toHaveLength(0)
  })

  test('a status and its message, stored at the same time by two consumers, always meet', async () => {
    for (let round = 0; round < 25; round++) {
      const wamid = `wamid.meet.${round}`
      await Promise.all([store(received(echo(wamid))), store(received(statusDelivery(wamid, 'delivered')))])
    }
    const rows = await messageRows()
    expect(rows.map((row) => row.status)).toEqual(Array.from({ length: 25 }, () => 'delivered'))
  })

  test('two consumers that each have statuses of the other’s echoes do not wait for each other in a circle', async () => {
    const deadlocks = async () =>
      (
        await workspace.sql<{ deadlocks: string }[]>`
        select pg_stat_get_db_deadlocks(oid) as deadlocks from pg_database where datname = current_database()`
      )[0]?.deadlocks
    const before = await deadlocks()
    const ids = Array.from({ length: 40 }, (_, index) => `wamid.circle.${index}`)
    for (let round = 0; round < 10; round++) {
      const [ours, theirs] = [
        ids.filter((_, index) => index % 2 === 0),
        ids.filter((_, index) => index % 2 === 1),
      ]
      const mix = (written: string[], told: string[]) =>
        received(
          ...written.map((id) => echo(`${id}.${round}`)),
          ...told.map((id) => statusDelivery(`${id}.${round}`, 'read')),
        )
      await Promise.all([store(mix(ours, theirs)), store(mix(theirs, ours))])
    }
    expect((await messageRows()).every((row) => row.status === 'read')).toBe(true)
    await workspace.sql`select pg_stat_clear_snapshot()`
    expect(await deadlocks()).toBe(before)
  })

  test('any order and any repetition of statuses gives the highest rung, and a late delivery takes the failure away', async () => {
    const all = ['sent', 'failed', 'delivered', 'read', 'played']
    const rank = (status: string) => all.indexOf(status)
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 8 }),
        async (statuses) => {
          const wamid = `wamid.ladder.${round++}`
          await store(received(echo(wamid)))
          for (const status of statuses) {
            await store(
              received(
                statusDelivery(
                  wamid,
                  status,
                  status === 'failed' ? { errors: [{ code: 131026, title: 'Undeliverable' }] } : {},
                ),
              ),
            )
          }
          const [row] = await workspace.sql`select status, error from messages where wamid = ${wamid}`
          const highest = [...statuses, 'sent'].sort((a, b) => rank(b) - rank(a))[0]
          expect(row?.status).toBe(highest)
          expect(row?.error === null).toBe(highest !== 'failed')
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a status moves nothing when another company sends it with our attempt id', async () => {
    await store(received(echo('wamid.ours')))
    const [attempt] = await workspace.sql<{ id: string }[]>`select id from message_attempts`
    const otherWorkspace = Bun.randomUUIDv7()
    await workspace.sql`insert into workspaces (id, name) values (${otherWorkspace}, 'Other')`
    await workspace.sql`insert into event_counters (workspace_id) values (${otherWorkspace})`
    await workspace.sql`
      insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
      values (${Bun.randomUUIDv7()}, ${otherWorkspace}, 'Other', 'other-number', '1', 'other')`
    const foreign = delivery(
      {
        statuses: [
          {
            id: 'wamid.ours',
            status: 'read',
            timestamp: '1750000000',
            biz_opaque_callback_data: attempt?.id,
          },
        ],
      },
      'messages',
      'other-number',
    )
    await store(received(foreign))
    expect(await messageRows()).toMatchObject([{ status: 'sent' }])
  })

  test('the newest reaction of a customer stands, in whatever order they come, and a removal removes it', async () => {
    const reaction = (wamid: string, emoji: string | undefined, at: string) =>
      delivery({
        contacts: [{ profile: { name: 'Sheena' }, wa_id: '16505551234' }],
        messages: [
          {
            from: '16505551234',
            id: wamid,
            timestamp: at,
            type: 'reaction',
            reaction: { message_id: 'wamid.target', ...(emoji && { emoji }) },
          },
        ],
      })
    await store(received(reaction('r2', '❤️', '1750000002')))
    await store(received(reaction('r1', '👍', '1750000001')))
    expect([...(await workspace.sql`select emoji from message_reactions`)]).toEqual([{ emoji: '❤️' }])
    await store(received(reaction('r3', undefined, '1750000003')))
    expect([...(await workspace.sql`select emoji from message_reactions`)]).toEqual([{ emoji: null }])
    const [conversation] = await workspace.sql`select unread_count, last_inbound_at from conversations`
    expect(conversation).toEqual({ unreadCount: 0, lastInboundAt: null })
  })

  test('numbers of the event log are given without a gap to any number of writers', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        store(received(textDelivery(`wamid.seq.${index}`, 'x', `4915550${1000 + (index % 7)}`))),
      ),
    )
    const rows = await workspace.sql<
      { seq: string }[]
    >`select seq::text as seq from events order by events.seq`
    expect(rows.map((row) => Number(row.seq))).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  })
})

/** Random, because Postgres compresses before it refuses. */
const TOO_LONG_FOR_AN_INDEX = Array.from({ length: 300 }, () => Bun.randomUUIDv7()).join('')

describe('items that can not be stored', () => {
  test('a batch of a thousand with one bad item stores 999 and keeps one as a dead letter', async () => {
    const messages: unknown[] = Array.from({ length: 1000 }, (_, index) => ({
      from: '16505551234',
      id: `wamid.batch.${index}`,
      timestamp: '1750000000',
      type: 'text',
      text: { body: `${index}` },
    }))
    messages[617] = {
      from: '16505551234',
      id: TOO_LONG_FOR_AN_INDEX,
      timestamp: '1750000000',
      type: 'text',
      text: { body: 'poison' },
    }
    await store(received(delivery({ messages })))
    expect(await messageRows()).toHaveLength(999)
    const letters = await workspace.sql`select reason, path from dead_letters`
    expect([...letters]).toEqual([
      { reason: 'could_not_be_stored', path: 'entry[0].changes[0].value.messages[617]' },
    ])
  })

  test.each([
    ['what is not JSON', 'not json', 'not_json'],
    ['an empty body', '', 'not_json'],
    ['JSON that is no delivery', '{"object":"page","entry":{}}', 'not_a_delivery'],
    ['a message without an id', delivery({ messages: [{ from: '1', type: 'text' }] }), 'malformed_message'],
    ['a message that is null', delivery({ messages: [null] }), 'malformed_message'],
    [
      'a message of nobody',
      delivery({ messages: [{ id: 'wamid.nobody', type: 'text' }] }),
      'malformed_message',
    ],
    ['a status without an id', delivery({ statuses: [{ status: 'sent' }] }), 'malformed_status'],
    [
      'a number that no channel has',
      delivery({ messages: [{ from: '1', id: 'w', type: 'text' }] }, 'messages', '404'),
      'unknown_channel',
    ],
  ])('%s is kept with its reason and its raw body', async (_, body, reason) => {
    const items = received(body)
    await store(items)
    await store(items)
    const raw = typeof body === 'string' ? body : JSON.stringify(body)
    expect([...(await workspace.sql`select reason, raw from dead_letters`)]).toEqual([{ reason, raw }])
  })

  test('NUL bytes and halves of surrogate pairs do not stop a message', async () => {
    const text = JSON.stringify(textDelivery('wamid.nul', 'PLACE')).replace(
      'PLACE',
      'a\\u0000b\\ud800c \\ud83d\\ude00',
    )
    await store(received(text))
    expect((await messageRows()).map((row) => row.body)).toEqual(['a\ufffdb\ufffdc 😀'])
    expect(await workspace.sql`select 1 from dead_letters`).toHaveLength(0)
  })

  test('bytes that are no UTF-8 are kept as they came', async () => {
    const bytes = new Uint8Array([0xff, 0x00, 0x7b])
    const streamId = `${streamMs++}-0`
    await store(
      readDelivery(bytes, new Date()).map((item) => ({
        ...item,
        streamId,
        receivedAt: new Date(),
        body: bytes,
      })),
    )
    const [letter] = await workspace.sql<{ rawBytes: Uint8Array }[]>`select raw_bytes from dead_letters`
    expect(new Uint8Array(letter?.rawBytes ?? [])).toEqual(bytes)
  })
})
