import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { JsonObject } from '../entry.ts'
import { drawJpeg } from '../media/jpeg.ts'
import { drawSticker } from '../media/sticker.ts'
import { recordVideo } from '../media/video.ts'
import { recordVoice } from '../media/voice.ts'
import { openDesk, sheena, text } from '../testing/desk.ts'
import { until } from '../testing/until.ts'
import { upload } from '../testing/upload.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
let files: Record<'image' | 'video' | 'voice' | 'sticker' | 'stereo' | 'pdf', string>
const half = () => 0.5

beforeAll(async () => {
  desk = await openDesk()
  const put = (bytes: Uint8Array<ArrayBuffer>, type: string) => upload(desk.simulator, bytes, type)
  const stereo = recordVoice(1)
  stereo[stereo.indexOf(0x4f, 28) + 9] = 2
  files = {
    image: await put(drawJpeg(half), 'image/jpeg'),
    video: await put(recordVideo(half), 'video/mp4'),
    voice: await put(recordVoice(1), 'audio/ogg'),
    stereo: await put(stereo, 'audio/ogg; codecs=opus'),
    sticker: await put(drawSticker(half), 'image/webp'),
    pdf: await put(Buffer.from('%PDF-1.4'), 'application/pdf'),
  }
})
afterAll(() => desk.stop())

const statusesOf = (wamid: string) => desk.receiver.statuses().filter((one) => one.id === wamid)
const of = (type: string, content: JsonObject, more: JsonObject = {}): JsonObject => ({
  to: `+${sheena}`,
  type,
  [type]: content,
  ...more,
})
const interactive = (type: string, action: JsonObject, more: JsonObject = {}) =>
  of('interactive', { type, body: { text: 'Shall we?' }, action, ...more })
const reply = (id: string, title = id): JsonObject => ({ type: 'reply', reply: { id, title } })
const rows = (count: number, from = 0): JsonObject[] =>
  Array.from({ length: count }, (_, index) => ({ id: `row-${from + index}`, title: `Row ${from + index}` }))
const list = (...sections: JsonObject[]) => interactive('list', { button: 'Choose', sections })

const delivered: Record<string, () => JsonObject> = {
  'a text without a preview': () => of('text', { body: 'https://example.com', preview_url: false }),
  'an image with a caption': () => of('image', { id: files.image, caption: 'Here' }),
  'an image by link': () => of('image', { link: 'https://example.com/sofa.jpg' }),
  'a video': () => of('video', { id: files.video }),
  'sound that is no voice note': () => of('audio', { id: files.stereo }),
  'a voice note': () => of('audio', { id: files.voice, voice: true }),
  'a document': () => of('document', { id: files.pdf, filename: 'Invoice.pdf', caption: 'For you' }),
  'a sticker': () => of('sticker', { id: files.sticker }),
  'a location': () => of('location', { latitude: '52.5', longitude: 13.4, name: 'Shop', address: 'Oak 1' }),
  'a contact card': () => ({
    to: sheena,
    type: 'contacts',
    contacts: [{ name: { formatted_name: 'A B', first_name: 'A' } }],
  }),
  'three buttons under a picture': () =>
    interactive(
      'button',
      { buttons: [reply('a'), reply('b'), reply('c')] },
      { header: { type: 'image', image: { id: files.image } }, footer: { text: 'Linden & Oak' } },
    ),
  'a list of ten rows': () => list({ title: 'One', rows: rows(5) }, { title: 'Two', rows: rows(5, 5) }),
  'a link button': () =>
    interactive('cta_url', {
      name: 'cta_url',
      parameters: { display_text: 'Look', url: 'https://a.example' },
    }),
  'a request for a location': () => interactive('location_request_message', { name: 'send_location' }),
}
for (const [what, body] of Object.entries(delivered)) {
  test(`${what} reaches the customer`, async () => {
    const { http, wamid } = await desk.send(body())
    expect(http).toBe(200)
    await until('it is read', () => statusesOf(wamid).at(-1)?.status === 'read')
    expect(desk.simulator.phones.thread(sheena).some((row) => row.wamid === wamid)).toBe(true)
  })
}

const refused: Record<string, [code: number, body: () => JsonObject]> = {
  'a caption of 1025 characters': [100, () => of('image', { id: files.image, caption: 'x'.repeat(1025) })],
  'a location beyond the pole': [131009, () => of('location', { latitude: 91, longitude: 0 })],
  'a contact without a part of a name': [
    131008,
    () => ({ to: sheena, type: 'contacts', contacts: [{ name: { formatted_name: 'A' } }] }),
  ],
  'four buttons': [
    131009,
    () => interactive('button', { buttons: ['a', 'b', 'c', 'd'].map((id) => reply(id)) }),
  ],
  'a button of 21 characters': [
    131009,
    () => interactive('button', { buttons: [reply('a', 'x'.repeat(21))] }),
  ],
  'two buttons with one id': [
    131009,
    () => interactive('button', { buttons: [reply('a', 'A'), reply('a', 'B')] }),
  ],
  'eleven rows': [131009, () => list({ title: 'One', rows: rows(6) }, { title: 'Two', rows: rows(5, 6) })],
  'two sections without titles': [131009, () => list({ rows: rows(1) }, { rows: rows(1, 1) })],
  'a row of 25 characters': [131009, () => list({ rows: [{ id: 'a', title: 'x'.repeat(25) }] })],
  'a body of 1025 characters above buttons': [
    131009,
    () => interactive('button', { buttons: [reply('a')] }, { body: { text: 'x'.repeat(1025) } }),
  ],
  'a footer of 61 characters': [
    131009,
    () => interactive('button', { buttons: [reply('a')] }, { footer: { text: 'x'.repeat(61) } }),
  ],
  'a link button to no web page': [
    131009,
    () =>
      interactive('cta_url', { name: 'cta_url', parameters: { display_text: 'Look', url: 'javascript:1' } }),
  ],
  'a reaction that quotes': [
    100,
    () => of('reaction', { message_id: 'wamid.x', emoji: '👍' }, { context: { message_id: 'wamid.x' } }),
  ],
  'callback data of 513 characters': [
    100,
    () => text('Hello', { biz_opaque_callback_data: 'x'.repeat(513) }),
  ],
}
for (const [what, [code, body]] of Object.entries(refused)) {
  test(`${what} is refused with ${code}`, async () => {
    const { http, json } = await desk.send(body())
    expect({ http, code: json.error?.code }).toEqual({ http: 400, code })
  })
}

const failing: Record<string, [code: number, body: () => Promise<JsonObject> | JsonObject]> = {
  'a voice note with two channels': [131053, () => of('audio', { id: files.stereo, voice: true })],
  'a document as an image': [131053, () => of('image', { id: files.pdf })],
  'a photo as a sticker': [131053, () => of('sticker', { id: files.image })],
  'a link that leads nowhere': [131053, () => of('image', { link: 'https://shop.invalid/a.jpg' })],
  'a voice note that is no Opus': [
    131053,
    async () => {
      const id = await upload(desk.simulator, Buffer.from('OggS, but of another codec'), 'audio/ogg')
      return of('audio', { id, voice: true })
    },
  ],
  'a reaction to nothing': [131009, () => of('reaction', { message_id: 'wamid.nothing', emoji: '👍' })],
  'a reaction to a reaction': [
    131009,
    async () => {
      const target = await desk.simulator.phones.write(sheena, { type: 'text', text: 'Good' })
      const { wamid } = await desk.send(of('reaction', { message_id: target, emoji: '👍' }))
      return of('reaction', { message_id: wamid, emoji: '👍' })
    },
  ],
}
for (const [what, [code, body]] of Object.entries(failing)) {
  test(`${what} is taken, and fails later with ${code}`, async () => {
    const { http, wamid } = await desk.send(await body())
    expect(http).toBe(200)
    await until('it fails', () => statusesOf(wamid).length === 1)
    expect(statusesOf(wamid)[0]).toMatchObject({ status: 'failed', errors: [{ code }] })
  })
}

test('a reaction is taken back with an empty emoji', async () => {
  const target = await desk.simulator.phones.write(sheena, { type: 'text', text: 'Thanks' })
  const reactions = () => desk.simulator.phones.thread(sheena).find((row) => row.wamid === target)?.reactions
  await desk.send(of('reaction', { message_id: target, emoji: '❤️' }))
  expect(reactions()).toEqual(['❤️'])
  await desk.send(of('reaction', { message_id: target, emoji: '' }))
  expect(reactions()).toEqual([])
})

test('a quoted reply shows what it quotes', async () => {
  const target = await desk.simulator.phones.write(sheena, { type: 'text', text: 'Which one?' })
  const { wamid } = await desk.send(text('The green one', { context: { message_id: target } }))
  await until('it is there', () => statusesOf(wamid).length === 3)
  const row = desk.simulator.phones.thread(sheena).find((one) => one.wamid === wamid)
  expect(row?.quoted).toEqual({ author: 'customer', snippet: 'Which one?' })
})
