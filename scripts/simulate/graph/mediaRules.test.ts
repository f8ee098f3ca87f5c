import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openDesk, sheena } from '../testing/desk.ts'
import { until } from '../testing/until.ts'
import { upload } from '../testing/upload.ts'

let now = Date.now()
let desk: Awaited<ReturnType<typeof openDesk>>
beforeAll(async () => {
  desk = await openDesk({ now: () => now })
})
afterAll(() => desk.stop())

const headers = { Authorization: 'Bearer demo-access-token' }
const get = (path: string) => fetch(`${desk.simulator.apiUrl}/${path}`, { headers })
const kilobytes = (count: number) => new Uint8Array(count * 1024).fill(65)
const dayMs = 24 * 3_600_000

test.each([
  ['image/png', 5 * 1024, 5 * 1024 + 1],
  ['image/webp', 500, 501],
  ['video/mp4', 16 * 1024, 16 * 1024 + 1],
] as const)('%s may have %d KB and not %d', async (type, most, tooMuch) => {
  expect(await upload(desk.simulator, kilobytes(most), type)).toMatch(/^\d{16}$/)
  await expect(upload(desk.simulator, kilobytes(tooMuch), type)).rejects.toThrow('at most')
})

test('a type that WhatsApp does not know is refused with the list of those that it does', async () => {
  await expect(upload(desk.simulator, kilobytes(1), 'application/zip')).rejects.toThrow(
    "image/webp, video/mp4, video/3gpp. Received file of type 'application/zip'.",
  )
})

test('a still sticker of more than 100 KB fails when it is sent', async () => {
  const id = await upload(desk.simulator, kilobytes(101), 'image/webp')
  const { wamid } = await desk.send({ to: sheena, type: 'sticker', sticker: { id } })
  const failed = () => desk.receiver.statuses().find((one) => one.id === wamid && one.status === 'failed')
  await until('it fails', () => failed() !== undefined)
  expect(failed()?.errors).toMatchObject([{ code: 131053 }])
})

test('an address lives five minutes, an uploaded file thirty days, a file of a customer seven', async () => {
  const id = await upload(desk.simulator, kilobytes(1), 'application/pdf')
  await desk.simulator.phones.write(sheena, { type: 'document' })
  await until('it arrives', () => desk.receiver.messages().length === 1)
  const inbound = String((desk.receiver.messages()[0]?.document as { id?: unknown } | undefined)?.id)
  const { url } = (await (await get(id)).json()) as { url: string }
  now += 5 * 60_000 - 1
  expect((await fetch(url, { headers })).status).toBe(200)
  now += 2
  expect((await fetch(url, { headers })).status).toBe(404)
  now += 7 * dayMs
  expect([(await get(inbound)).status, (await get(id)).status]).toEqual([400, 200])
  now += 23 * dayMs
  expect((await get(id)).status).toBe(400)
})
