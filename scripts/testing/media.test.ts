import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import type { MediaSnapshot, MessageSnapshot } from '../../server/inbox/snapshot.ts'
import { eventually } from '../../server/testing/eventually.ts'
import type { OutgoingContent } from '../../server/whatsapp/outgoingContent.ts'
import type { CustomerAct } from '../simulate/act.ts'
import { recordVoice } from '../simulate/media/voice.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

const CUSTOMER = '16505551234'

let stack: Stack
let ana: SignedIn
let conversationId: string
let channelId: string

beforeAll(async () => {
  stack = await startStack({ simulator: { slowMs: 300 } })
  ana = await signIn(stack.url, 'ana@demo.baton')
  const message = await customerSends({ type: 'text', text: 'Hello' })
  conversationId = message.conversationId
  const conversation = await ana.trpc.conversations.get.query({ conversationId })
  channelId = conversation.channelId
})
afterAll(async () => {
  await ana.close()
  await stack.stop()
})

/** A customer's phone sends something; the message in the thread. */
async function customerSends(act: CustomerAct): Promise<MessageSnapshot> {
  const wamid = await stack.simulator.phones.write(CUSTOMER, act)
  return eventually(() => messageOf(wamid))
}

async function messageOf(wamid: string): Promise<MessageSnapshot | undefined> {
  const { conversations } = await ana.trpc.conversations.list.query({})
  const conversation = conversations.find((one) => one.contact.phone === CUSTOMER)
  if (!conversation) return undefined
  const { messages } = await ana.trpc.messages.list.query({ conversationId: conversation.id, limit: 200 })
  return messages.find((one) => one.wamid === wamid)
}

const mediaOf = async ({ wamid }: MessageSnapshot) => (await messageOf(wamid ?? ''))?.media
const stored = (message: MessageSnapshot, withinMs = 5_000): Promise<MediaSnapshot> =>
  eventually(
    async () => {
      const media = await mediaOf(message)
      return media?.state === 'stored' ? media : undefined
    },
    { withinMs, what: 'the file is stored' },
  )

const open = (id: string) => fetch(`${stack.url}/media/${id}`, { headers: { cookie: ana.cookie } })

async function upload(
  bytes: Uint8Array<ArrayBuffer>,
  kind: MediaSnapshot['kind'],
  filename: string,
  more = '',
) {
  const query = new URLSearchParams({ channelId, kind, filename })
  const response = await fetch(`${stack.url}/media?${query}${more}`, {
    method: 'POST',
    headers: { cookie: ana.cookie, origin: stack.url },
    body: bytes,
  })
  expect(response.status).toBe(201)
  return ((await response.json()) as { media: MediaSnapshot }).media
}

const send = async (content: OutgoingContent) =>
  (await ana.trpc.messages.send.mutate({ conversationId, clientMessageId: Bun.randomUUIDv7(), content }))
    .message

/** What the customer's phone got for this message, with the bytes of its file. */
async function received({ id }: MessageSnapshot) {
  const row = await eventually(async () => {
    const { messages } = await ana.trpc.messages.list.query({ conversationId, limit: 200 })
    const wamid = messages.find((one) => one.id === id)?.wamid
    return stack.simulator.phones.log(CUSTOMER).find((one) => one.wamid === wamid)
  })
  const part = row.content as { id: string; [key: string]: unknown }
  const headers = { authorization: `Bearer ${stack.simulator.channel.accessToken}` }
  const described = (await (await fetch(`${stack.simulator.apiUrl}/${part.id}`, { headers })).json()) as {
    url: string
  }
  return { part, bytes: await (await fetch(described.url, { headers })).bytes() }
}

test('files of customers of every kind open in the inbox, byte for byte', async () => {
  const acts: [CustomerAct, Partial<MediaSnapshot>][] = [
    [
      { type: 'image', caption: 'My room' },
      { kind: 'image', type: 'image/png', width: 640, height: 480 },
    ],
    [
      { type: 'image', format: 'jpeg' },
      { kind: 'image', type: 'image/jpeg' },
    ],
    [{ type: 'video' }, { kind: 'video', type: 'video/mp4' }],
    [
      { type: 'voice', seconds: 4 },
      { kind: 'audio', type: 'audio/ogg', durationSeconds: 4 },
    ],
    [{ type: 'sticker' }, { kind: 'sticker', type: 'image/webp' }],
    [
      { type: 'document', filename: 'Order.pdf' },
      { kind: 'document', type: 'application/pdf', filename: 'Order.pdf' },
    ],
  ]
  for (const [act, expected] of acts) {
    const message = await customerSends(act)
    expect(message.media?.kind).toBe(expected.kind)
    const media = await stored(message)
    expect(media).toMatchObject(expected)
    const file = await (await open(media.id)).bytes()
    expect(file.byteLength).toBe(media.sizeBytes ?? -1)
    if (!('mediaId' in message.content) || message.content.sha256 === null)
      throw new Error('It tells no digest')
    expect(createHash('sha256').update(file).digest('base64')).toBe(message.content.sha256)
  }
})

test('the feed tells of a file before and after it is here', async () => {
  const feed = ana.follow()
  await eventually(() => feed.items.length > 0)
  const { wamid } = await customerSends({ type: 'image' })
  const states = () =>
    feed.items.flatMap((item) => {
      if (item.type !== 'event' || !('message' in item.event)) return []
      return item.event.message.wamid === wamid ? [[item.event.type, item.event.message.media?.state]] : []
    })
  await eventually(() => states().length === 2)
  expect(states()).toEqual([
    ['message.added', 'waiting'],
    ['message.changed', 'stored'],
  ])
  feed.stop()
})

test('an address that expired, wrong bytes and a slow line are got over', async () => {
  for (const fault of ['expired-media-url', 'wrong-sha256', 'slow-media'] as const) {
    stack.simulator.faults.next({ fault })
    const message = await customerSends({ type: 'document' })
    if (fault !== 'slow-media') {
      await eventually(async () => (await mediaOf(message))?.failure)
      await ana.trpc.media.retry.mutate({ mediaId: message.media?.id ?? '' })
    }
    await stored(message)
  }
})

test('no file is fetched from another host, and the token goes to none', async () => {
  for (const fault of ['cross-host-redirect', 'foreign-media-url'] as const) {
    stack.simulator.faults.next({ fault })
    const message = await customerSends({ type: 'image' })
    const failure = await eventually(async () => (await mediaOf(message))?.failure)
    expect(failure).toBe(fault === 'cross-host-redirect' ? 'REDIRECTED' : 'FORBIDDEN_ADDRESS')
    expect((await mediaOf(message))?.state).toBe('failed')
    expect((await open((await mediaOf(message))?.id ?? '')).status).toBe(409)
    const { media } = await ana.trpc.media.retry.mutate({ mediaId: (await mediaOf(message))?.id ?? '' })
    expect(media.state).toBe('waiting')
    await stored(message)
  }
  expect(stack.simulator.trespasses).toEqual([])
})

test('a file that an agent sends reaches the customer byte for byte, uploaded once for two messages', async () => {
  const bytes = new Uint8Array(Buffer.from(`%PDF-1.4 ${'an offer '.repeat(5000)}`))
  const { id: fileId } = await upload(bytes, 'document', 'Angebot.pdf')
  const first = await send({ kind: 'document', fileId, caption: 'As discussed' })
  expect(first.media).toMatchObject({ id: fileId, state: 'stored' })
  const got = await received(first)
  expect(got.bytes).toEqual(bytes)
  expect(got.part).toMatchObject({ filename: 'Angebot.pdf', caption: 'As discussed' })
  const again = await received(await send({ kind: 'document', fileId }))
  expect(again.part.id).toBe(got.part.id)
})

test('a voice note that was recorded in two channels arrives as WhatsApp takes it', async () => {
  const recording = recordVoice(3)
  recording[28 + 9] = 2 // two channels, as a browser may record
  const media = await upload(recording, 'audio', 'voice.ogg', '&voice=1')
  const message = await send({ kind: 'audio', fileId: media.id, isVoice: true })
  const { part } = await received(message)
  expect(part.voice).toBe(true)
  const delivered = await eventually(async () => {
    const { messages } = await ana.trpc.messages.list.query({ conversationId, limit: 200 })
    const status = messages.find((one) => one.id === message.id)?.status
    return status === 'delivered' || status === 'read' || status === 'failed' ? status : undefined
  })
  expect(delivered).not.toBe('failed')
})

test('an upload that fails for the moment keeps the message in line, and order holds', async () => {
  const { id: fileId } = await upload(new Uint8Array(Buffer.from('%PDF-1.4 later')), 'document', 'later.pdf')
  stack.simulator.faults.next({ code: 131016, on: 'upload' })
  const withFile = await send({ kind: 'document', fileId })
  const text = await send({ kind: 'text', text: 'and a word after it' })
  const wamids = await eventually(
    async () => {
      const { messages } = await ana.trpc.messages.list.query({ conversationId, limit: 200 })
      const of = [withFile, text].map(({ id }) => messages.find((one) => one.id === id)?.wamid)
      return of.every((wamid) => wamid) ? of : undefined
    },
    { withinMs: 20_000 },
  )
  const log = stack.simulator.phones.log(CUSTOMER).map((row) => row.wamid)
  const positions = wamids.map((wamid) => log.indexOf(wamid ?? ''))
  expect(positions[0]).toBeGreaterThanOrEqual(0)
  expect(positions[0]).toBeLessThan(positions[1] ?? -1)
})

test('an upload that WhatsApp refuses for good fails the message with its words', async () => {
  const { id: fileId } = await upload(new Uint8Array(Buffer.from('%PDF-1.4 never')), 'document', 'never.pdf')
  stack.simulator.faults.next({ code: 131053, on: 'upload' })
  const { id } = await send({ kind: 'document', fileId })
  const failed = await eventually(async () => {
    const { messages } = await ana.trpc.messages.list.query({ conversationId, limit: 200 })
    const message = messages.find((one) => one.id === id)
    return message?.status === 'failed' ? message : undefined
  })
  expect(failed.error?.code).toBe(131053)
})
