import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import { type Delivery, delivery, post, seconds } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { type Stack, startStack } from './stack.ts'

/**
 * CVE-2024-39713 (Rocket.Chat, 8.6: the server fetched the `MediaUrl` of a webhook), CVE-2021-3742 (Chatwoot: what an SVG links to),
 * CW-6931 and CW-6940 (Chatwoot: SSRF in fetches of avatars and attachments). An address in a payload is a text.
 */
let stack: Stack
let database: DatabaseClient
const asked: string[] = []
/** A machine of this house: whatever asks it was led there by a payload. */
const trap = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch(request) {
    asked.push(request.url)
    return new Response('a secret of this house')
  },
})
const ADDRESS = `http://127.0.0.1:${trap.port}/inside`

beforeAll(async () => {
  stack = await startStack()
  database = openDatabase(stack.databaseUrl, { connections: 1 })
}, 60_000)
afterAll(async () => {
  await database.close()
  await stack.stop()
  await trap.stop(true)
})

const message = (type: string, part: Delivery) => ({ type, [type]: part })
const file = { mime_type: 'image/png', url: ADDRESS, link: ADDRESS, sha256: undefined }
const svg = `<svg xmlns="http://www.w3.org/2000/svg"><image href="${ADDRESS}"/></svg>`

/** An address wherever Meta's payloads have an id, a link, a thumbnail or words. */
const MESSAGES: Delivery[] = [
  message('text', { body: ADDRESS, preview_url: true }),
  message('text', { body: `[click](${ADDRESS}) ![](${ADDRESS}) <img src="${ADDRESS}">` }),
  message('text', { body: svg }),
  message('image', { ...file, id: ADDRESS }),
  message('image', { ...file, id: `//127.0.0.1:${trap.port}/inside` }),
  message('image', { ...file, id: `@127.0.0.1:${trap.port}/inside` }),
  message('image', { ...file, id: `../../../inside?x=${ADDRESS}` }),
  message('document', { ...file, id: 'nothing-1', filename: ADDRESS, caption: ADDRESS }),
  message('video', { ...file, id: 'nothing-2', thumbnail: ADDRESS }),
  message('audio', { ...file, id: 'nothing-3', voice: true }),
  message('sticker', { ...file, id: 'nothing-4' }),
  message('location', { latitude: 1, longitude: 2, name: ADDRESS, address: ADDRESS, url: ADDRESS }),
  message('contacts', { name: { formatted_name: ADDRESS } }),
  {
    type: 'contacts',
    contacts: [{ name: { formatted_name: ADDRESS }, urls: [{ url: ADDRESS, type: 'HOME' }] }],
  },
  message('interactive', { type: 'button_reply', button_reply: { id: ADDRESS, title: ADDRESS } }),
  message('order', { catalog_id: ADDRESS, product_items: [{ product_retailer_id: ADDRESS, quantity: 1 }] }),
  {
    ...message('text', { body: 'From an advertisement' }),
    referral: {
      source_url: ADDRESS,
      source_type: 'ad',
      source_id: '1',
      image_url: ADDRESS,
      thumbnail_url: ADDRESS,
      video_url: ADDRESS,
      welcome_message: { text: ADDRESS },
    },
  },
]

test('no address that a payload names is ever asked, wherever it stands', async () => {
  for (const [index, part] of MESSAGES.entries()) {
    const body = delivery({
      contacts: [{ profile: { name: ADDRESS, picture: ADDRESS }, wa_id: '16505550000' }],
      messages: [
        { from: '16505550000', id: `wamid.address.${index}`, timestamp: seconds(new Date()), ...part },
      ],
    })
    expect((await post(stack.url, body)).status).toBe(200)
  }
  const { sql } = database
  await eventually(async () => {
    const [row] = await sql<
      { count: number }[]
    >`select count(*)::int from messages where wamid like 'wamid.address.%'`
    return row?.count === MESSAGES.length
  })
  // Every file was tried and given up, so whoever was to be asked for it has been asked.
  const outcomes = () =>
    sql<{ failure: string | null }[]>`select failure from media where graph_id is not null`
  await eventually(
    async () => {
      const files = await outcomes()
      return files.length >= 8 && files.every(({ failure }) => failure !== null)
    },
    { withinMs: 20_000 },
  )
  expect(asked).toEqual([])
  // The trap would have noticed.
  await fetch(ADDRESS)
  expect(asked).toHaveLength(1)
}, 40_000)
