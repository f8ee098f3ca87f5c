import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import { persist } from '../ingest/persist.ts'
import { type Delivery, delivery } from '../testing/delivery.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { messagesById } from './readMessages.ts'
import type { ReceivedItem } from './storeDeliveries.ts'

let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())

const START = 1_750_000_000
const CUSTOMERS = ['16505551234', '4915550100176', '447700900111']

/** One thing that WhatsApp may tell: about which of a few messages, at which second. */
const telling = fc.record({
  kind: fc.constantFrom(
    'text',
    'image',
    'reaction',
    'unreaction',
    'edit',
    'revoke',
    'echo',
    'status',
    'unknown',
    'news',
    'bad',
  ),
  customer: fc.constantFrom(...CUSTOMERS),
  target: fc.integer({ min: 0, max: 5 }),
  status: fc.constantFrom('sent', 'delivered', 'read', 'failed', 'in_orbit'),
})
type Telling = typeof telling extends fc.Arbitrary<infer T> ? T : never

/** The delivery of the `index`-th telling. Texts and echoes are what the others may be about, wherever they stand. */
function deliveryOf({ kind, customer, target, status }: Telling, index: number): Delivery {
  const contacts = [{ profile: { name: `Name ${index}` }, wa_id: customer }]
  const timestamp = String(START + index)
  const about = `wamid.${customer}.${target}`
  const message = (type: string, part: Delivery, id = `wamid.${kind}.${index}`) =>
    delivery({ contacts, messages: [{ from: customer, id, timestamp, type, [type]: part }] })
  switch (kind) {
    case 'text':
      return message('text', { body: `Text ${index}` }, about)
    case 'image':
      return message('image', { id: `${index}`, caption: 'A sofa' })
    case 'reaction':
      return message('reaction', { message_id: about, emoji: ['👍', '❤️', '😀'][index % 3] })
    case 'unreaction':
      return message('reaction', { message_id: about })
    case 'edit':
      return message('edit', {
        original_message_id: about,
        message: { type: 'text', text: { body: `Edited ${index}` } },
      })
    case 'revoke':
      return message('revoke', { original_message_id: about })
    case 'echo':
      return delivery(
        {
          message_echoes: [
            {
              from: '15550783881',
              to: customer,
              id: `wamid.echo.${target}`,
              timestamp,
              type: 'text',
              text: { body: 'Ours' },
            },
          ],
        },
        'smb_message_echoes',
      )
    case 'status':
      return delivery({
        statuses: [
          {
            id: `wamid.echo.${target}`,
            status,
            timestamp,
            errors: status === 'failed' ? [{ code: 131026, title: 'No' }] : undefined,
          },
        ],
      })
    case 'news':
      return delivery({ event: 'APPROVED', message_template_id: target }, 'message_template_status_update')
    case 'bad':
      return delivery({ messages: [{ from: customer, type: 'text' }] })
    default:
      return message('from_tomorrow', { target })
  }
}

function receivedOf(tellings: Telling[]): ReceivedItem[][] {
  // The first to use an id is the message of that id; the same id again would be a different message, which WhatsApp never sends.
  const seen = new Set<string>()
  return tellings.flatMap((one, index) => {
    const value = deliveryOf(one, index)
    const id = /"id":"(wamid\.[^"]+)","timestamp"/.exec(JSON.stringify(value))?.[1]
    if (id !== undefined && one.kind !== 'status' && seen.has(id)) return []
    if (id !== undefined && one.kind !== 'status') seen.add(id)
    const body = new TextEncoder().encode(JSON.stringify(value))
    const receivedAt = new Date((START + index) * 1000)
    const streamId = `${receivedAt.getTime()}-0`
    return [readDelivery(body, receivedAt).map((item) => ({ ...item, streamId, receivedAt, body }))]
  })
}

/** All that people can see, without the ids that are made up on the way. */
async function visible() {
  const { sql } = workspace
  const ids = await sql<{ id: string; wamid: string }[]>`select id, wamid from messages`
  const messages = await messagesById(
    sql,
    ids.map((row) => row.id),
  )
  const events = await sql<{ seq: string }[]>`select seq::text as seq from events order by events.seq`
  expect(events.map((row) => Number(row.seq))).toEqual(events.map((_, index) => index + 1))
  return {
    messages: messages
      .map(({ id: _, conversationId: __, ...message }) => message)
      .sort((a, b) => (a.position < b.position ? -1 : 1)),
    conversations: [
      ...(await sql`
        select ct.phone, ct.name, c.status, c.unread_count, c.last_position, c.last_inbound_at, m.wamid as last
        from conversations c join contacts ct on ct.id = c.contact_id left join messages m on m.id = c.last_message_id
        order by ct.phone`),
    ],
    reactions: [
      ...(await sql`
        select r.target_wamid, ct.phone, r.emoji, r.position from message_reactions r
        join contacts ct on r.actor = 'contact:' || ct.id order by r.target_wamid, ct.phone`),
    ],
    attempts: [...(await sql`select wamid, status from message_attempts order by wamid`)],
    statuses: [
      ...(await sql`select wamid, status, message_id is null as waits from message_statuses order by wamid, status`),
    ],
    letters: [...(await sql`select path, reason, stream_id from dead_letters order by stream_id`)],
    news: (await sql`select 1 from channel_events`).length,
  }
}

async function stored(batches: ReceivedItem[][][]): Promise<Awaited<ReturnType<typeof visible>>> {
  await workspace.sql`
    truncate messages, message_attempts, message_statuses, message_reactions, events, outbox, dead_letters, channel_events,
      conversations, contacts, contact_identities cascade`
  await workspace.sql`update event_counters set last_seq = 0`
  const consumer = async (own: ReceivedItem[][]) => {
    for (const batch of own) await persist(workspace.sql, batch, () => new Date())
  }
  await Promise.all(batches.map(consumer))
  return visible()
}

test('any order, any repetition and any sharing between two consumers gives the same inbox', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(telling, { minLength: 1, maxLength: 24 }),
      fc.infiniteStream(fc.nat({ max: 999 })),
      async (tellings, chance) => {
        const entries = receivedOf(tellings)
        const pick = (below: number) => Number(chance.next().value) % below
        const plain = await stored([entries])

        const again = entries.filter(() => pick(3) === 0)
        const shuffled = [...entries, ...again]
          .map((entry) => ({ entry, key: pick(1000) }))
          .sort((a, b) => a.key - b.key)
        const consumers: ReceivedItem[][][] = [[], []]
        for (const { entry } of shuffled) {
          const own = consumers[pick(2)] ?? []
          const last = own.at(-1)
          if (last && pick(2) === 0) last.push(...entry)
          else own.push([...entry])
        }
        expect(await stored(consumers)).toEqual(plain)
      },
    ),
    { numRuns: 60 },
  )
}, 120_000)
