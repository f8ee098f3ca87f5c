import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { persist } from '../ingest/persist.ts'
import { DEMO, type Delivery, delivery, seconds, statusDelivery, textDelivery } from '../testing/delivery.ts'
import { eventsOf } from '../testing/eventsOf.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { messagesById } from './readMessages.ts'

let workspace: TestWorkspace
let entries = 0
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  await workspace.sql`
    truncate messages, message_attempts, message_statuses, events, dead_letters, conversations, contacts, contact_identities cascade`
  await workspace.sql`update event_counters set last_seq = 0`
})

const CUSTOMER = '16505551234'
const HOUR_MS = 60 * 60 * 1000
/** In whole seconds, as WhatsApp tells them. */
const SENT_AT = new Date(1_750_000_000_000)

async function store(body: Delivery, receivedAt = new Date(SENT_AT.getTime() + 2000)): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  const streamId = `${receivedAt.getTime()}-${entries++}`
  const items = readDelivery(bytes, receivedAt).map((item) => ({
    ...item,
    streamId,
    receivedAt,
    body: bytes,
  }))
  await persist(workspace.sql, items, () => receivedAt)
}

const message = (wamid: string, type: string, parts: Delivery) =>
  delivery({
    contacts: [{ profile: { name: 'Sheena Nelson' }, wa_id: CUSTOMER }],
    messages: [{ from: CUSTOMER, id: wamid, timestamp: seconds(SENT_AT), type, ...parts }],
  })
const text = (wamid: string) => textDelivery(wamid, `Words of ${wamid}`, CUSTOMER, SENT_AT)
const image = (wamid: string) =>
  message(wamid, 'image', { image: { id: '77', mime_type: 'image/jpeg', caption: 'The chest' } })
const location = (wamid: string) =>
  message(wamid, 'location', { location: { latitude: 1.5, longitude: 2.5 } })
/** A colleague wrote it in the WhatsApp Business app. */
const echo = (wamid: string) =>
  delivery(
    {
      message_echoes: [
        {
          from: DEMO.displayPhoneNumber,
          to: CUSTOMER,
          id: wamid,
          timestamp: seconds(SENT_AT),
          type: 'text',
          text: { body: 'Hello' },
        },
      ],
    },
    'smb_message_echoes',
  )
/** Of the time before the number was connected. */
const history = (wamid: string, from: string, status: string) =>
  delivery(
    {
      history: [
        {
          threads: [
            {
              id: CUSTOMER,
              messages: [
                {
                  from,
                  id: wamid,
                  timestamp: seconds(SENT_AT),
                  type: 'text',
                  text: { body: 'Long ago' },
                  history_context: { status },
                },
              ],
            },
          ],
        },
      ],
    },
    'history',
  )

type Row = { status: string; attempt: number; isLate: boolean; raw: unknown }
async function rowOf(wamid: string): Promise<Row | undefined> {
  const [row] = await workspace.sql<Row[]>`
    select status, attempt, is_late, raw from messages where wamid = ${wamid}`
  return row
}
const statusOf = async (wamid: string) => (await rowOf(wamid))?.status

test('what tabs are told of a new message is what reading it back gives', async () => {
  const late = new Date(SENT_AT.getTime() + 5 * HOUR_MS)
  await store(text('text'))
  await store(text('late text'), late)
  await store(image('image'))
  await store(location('location'))
  await store(message('group', 'text', { group_id: 'a group', text: { body: 'To all' } }))
  await store(message('novelty', 'hologram', { hologram: {} }))
  await store(echo('echo'))
  await store(history('history in', CUSTOMER, 'READ'), late)
  await store(history('history out', DEMO.displayPhoneNumber, 'DELIVERED'), late)
  const told = (await eventsOf(workspace.sql)).flatMap((event) =>
    event.type === 'message.added' ? [event.message] : [],
  )
  expect(told.map(({ wamid }) => wamid).toSorted()).toEqual(
    [
      ...['text', 'late text', 'image', 'location', 'group', 'novelty', 'echo'],
      ...['history in', 'history out'],
    ].toSorted(),
  )
  const read = await messagesById(
    workspace.sql,
    told.map(({ id }) => id),
  )
  const byId = new Map(read.map((one) => [one.id, one]))
  for (const one of told)
    expect([one.wamid, JSON.parse(JSON.stringify(byId.get(one.id)))]).toEqual([one.wamid, one])
  const of = (wamid: string) => told.find((one) => one.wamid === wamid)
  expect(of('text')).toMatchObject({
    direction: 'in',
    status: 'received',
    attempt: 0,
    isLate: false,
    media: null,
  })
  expect(of('group')).toMatchObject({ authorName: 'Sheena Nelson' })
  expect(of('text')).toMatchObject({ authorName: null })
  expect(of('image')).toMatchObject({ media: { state: 'waiting', kind: 'image' } })
  expect(of('echo')).toMatchObject({ direction: 'out', status: 'sent', attempt: 1 })
  expect(of('history out')).toMatchObject({
    direction: 'out',
    status: 'delivered',
    attempt: 1,
    isLate: false,
  })
  expect(of('history in')).toMatchObject({ direction: 'in', status: 'received', isLate: false })
})

test('a message is late when it comes more than an hour after it was sent', async () => {
  await store(text('in time'), new Date(SENT_AT.getTime() + HOUR_MS))
  await store(text('late'), new Date(SENT_AT.getTime() + HOUR_MS + 1))
  expect([(await rowOf('in time'))?.isLate, (await rowOf('late'))?.isLate]).toEqual([false, true])
})

test('the payload is kept of what its content does not say in full', async () => {
  for (const body of [text('text'), location('location'), image('image')]) await store(body)
  await store(message('reaction', 'reaction', { reaction: { message_id: 'text', emoji: '👍' } }))
  expect((await rowOf('text'))?.raw).toBeNull()
  expect((await rowOf('location'))?.raw).toBeNull()
  expect((await rowOf('reaction'))?.raw).toBeNull()
  expect((await rowOf('image'))?.raw).toMatchObject({ image: { id: '77' } })
})

test('history keeps how far it had come, and a status that is repeated does not take it back', async () => {
  await store(history('read', DEMO.displayPhoneNumber, 'READ'))
  await store(history('odd', DEMO.displayPhoneNumber, 'PENDING'))
  expect([await statusOf('read'), await statusOf('odd')]).toEqual(['read', 'sent'])
  await store(statusDelivery('read', 'delivered'))
  await store(statusDelivery('odd', 'delivered'))
  expect([await statusOf('read'), await statusOf('odd')]).toEqual(['read', 'delivered'])
})

test('a status finds its message by the attempt that it carries back, else by its wamid, whatever else is carried', async () => {
  for (const wamid of ['first', 'second', 'third', 'fourth']) await store(echo(wamid))
  const attempts = await workspace.sql<
    { id: string; wamid: string }[]
  >`select id, wamid from message_attempts`
  const attemptOf = (wamid: string) => attempts.find((one) => one.wamid === wamid)?.id
  const says = (wamid: string, carried: string | undefined) =>
    store(statusDelivery(wamid, 'delivered', { biz_opaque_callback_data: carried }))
  await says('a wamid that nobody knows', attemptOf('first'))
  await says('second', 'something of ours from long ago')
  await says('third', `${attemptOf('first')} and more`)
  await says('fourth', `more, and ${attemptOf('first')}`)
  for (const wamid of ['first', 'second', 'third', 'fourth'])
    expect([wamid, await statusOf(wamid)]).toEqual([wamid, 'delivered'])
  expect(await workspace.sql`select 1 from dead_letters`).toHaveLength(0)
})
