import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { CustomerAct } from './act.ts'
import { openDesk, sheena, text } from './testing/desk.ts'
import { until } from './testing/until.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.stop())

const received = async (act: CustomerAct) => arrived(await desk.simulator.phones.write(sheena, act))
const arrived = async (wamid: string) => {
  const found = () => desk.receiver.messages().find((one) => one.id === wamid)
  await until('it arrives', () => found() !== undefined)
  return found()
}
const headers = { Authorization: 'Bearer demo-access-token' }

const files: [type: string, act: CustomerAct, mimeType: string, magic: string][] = [
  ['image', { type: 'image' }, 'image/png', '\x89PNG'],
  ['image', { type: 'image', format: 'jpeg' }, 'image/jpeg', '\xff\xd8\xff'],
  ['sticker', { type: 'sticker' }, 'image/webp', 'RIFF'],
  ['video', { type: 'video' }, 'video/mp4', '\0\0\0\x20ftyp'],
  ['audio', { type: 'voice', seconds: 1 }, 'audio/ogg; codecs=opus', 'OggS'],
  ['document', { type: 'document', sizeBytes: 2_000_000 }, 'application/pdf', '%PDF'],
]
for (const [type, act, mimeType, magic] of files) {
  test(`a customer sends ${mimeType}, with real bytes and their digest`, async () => {
    const file = z
      .looseObject({ id: z.string(), mime_type: z.string(), sha256: z.string(), url: z.string() })
      .parse((await received(act))?.[type])
    expect(file.mime_type).toBe(mimeType)
    const bytes = await (await fetch(file.url, { headers })).bytes()
    expect(Buffer.from(bytes).toString('latin1').startsWith(magic)).toBe(true)
    expect(createHash('sha256').update(bytes).digest('base64')).toBe(file.sha256)
  })
}

test('a customer sends a file of their own', async () => {
  const url = `${desk.simulator.url}/simulator/phones/${sheena}/files?kind=document&filename=plan.txt&caption=See`
  const answer = await fetch(url, {
    method: 'POST',
    body: 'Two sofas',
    headers: { 'Content-Type': 'text/plain' },
  })
  const { wamid } = z.object({ wamid: z.string() }).parse(await answer.json())
  expect((await arrived(wamid))?.document).toMatchObject({
    filename: 'plan.txt',
    caption: 'See',
    mime_type: 'text/plain',
  })
})

test('a customer comes by an ad, and the first answer opens three days that cost nothing', async () => {
  expect(await received({ type: 'ad', headline: 'New sofas' })).toMatchObject({
    type: 'text',
    referral: { source_type: 'ad', headline: 'New sofas', ctwa_clid: expect.any(String) },
  })
  const { wamid } = await desk.send(text('Welcome!'))
  const statuses = () => desk.receiver.statuses().filter((one) => one.id === wamid)
  await until('it is read', () => statuses().length === 3)
  expect(statuses()).toMatchObject([
    {
      conversation: { origin: { type: 'referral_conversion' }, expiration_timestamp: expect.any(String) },
      pricing: { billable: false, type: 'free_entry_point' },
    },
    { conversation: { origin: { type: 'referral_conversion' } } },
    { status: 'read', pricing: { type: 'free_entry_point' } },
  ])
})

test('a customer answers a request with a location, shares a card, writes STOP', async () => {
  const action = { name: 'send_location' }
  const interactive = { type: 'location_request_message', body: { text: 'Where to?' }, action }
  const { wamid } = await desk.send({ to: sheena, type: 'interactive', interactive })
  expect(desk.simulator.phones.log(sheena).some((row) => row.wamid === wamid)).toBe(true)
  expect(await received({ type: 'location', quote: wamid })).toMatchObject({
    type: 'location',
    context: { id: wamid },
  })
  expect(await received({ type: 'contacts', name: 'Grace Ford' })).toMatchObject({
    contacts: [{ name: { formatted_name: 'Grace Ford', first_name: 'Grace', last_name: 'Ford' } }],
  })
  expect(await received({ type: 'text', text: 'STOP' })).toMatchObject({ text: { body: 'STOP' } })
})

test('what WhatsApp does not hand on arrives as unsupported', async () => {
  expect(await received({ type: 'unsupported', code: 131060 })).toMatchObject({
    type: 'unsupported',
    errors: [{ code: 131060 }],
  })
})
