import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { openDesk, sheena } from '../testing/desk.ts'
import { until } from '../testing/until.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
let file: { id: string; sha256: string }
const headers = { Authorization: 'Bearer demo-access-token' }
const described = z.object({ url: z.string(), sha256: z.string() })

beforeAll(async () => {
  desk = await openDesk({ slowMs: 60 })
  await desk.simulator.phones.write(sheena, { type: 'document', sizeBytes: 5000 })
  await until('it arrives', () => desk.receiver.messages().length === 1)
  file = z.object({ id: z.string(), sha256: z.string() }).parse(desk.receiver.messages()[0]?.document)
})
afterAll(() => desk.stop())

const describe = async () =>
  described.parse(await (await fetch(`${desk.simulator.apiUrl}/${file.id}`, { headers })).json())
const digest = async (answer: Response) =>
  createHash('sha256')
    .update(await answer.bytes())
    .digest('base64')

test('the digest of the webhook is base64, of the description hex, and both are of these bytes', async () => {
  const { url, sha256 } = await describe()
  const answer = await fetch(url, { headers })
  expect(await digest(answer)).toBe(file.sha256)
  expect(Buffer.from(sha256, 'hex').toString('base64')).toBe(file.sha256)
})

test('an address that has expired is 404, and the next one works', async () => {
  desk.simulator.faults.next({ fault: 'expired-media-url' })
  expect((await fetch((await describe()).url, { headers })).status).toBe(404)
  expect((await fetch((await describe()).url, { headers })).status).toBe(200)
})

test('bytes that are not those of the digest', async () => {
  desk.simulator.faults.next({ fault: 'wrong-sha256' })
  expect(await digest(await fetch((await describe()).url, { headers }))).not.toBe(file.sha256)
  expect(await digest(await fetch((await describe()).url, { headers }))).toBe(file.sha256)
})

test('a slow file comes in drops, and whole', async () => {
  desk.simulator.faults.next({ fault: 'slow-media' })
  const answer = await fetch((await describe()).url, { headers })
  let drops = 0
  const hash = createHash('sha256')
  for await (const drop of answer.body ?? []) {
    hash.update(drop)
    drops++
  }
  expect(drops).toBeGreaterThan(1)
  expect(hash.digest('base64')).toBe(file.sha256)
})

test('who follows a file to another host is found out, with or without the token', async () => {
  desk.simulator.faults.next({ fault: 'cross-host-redirect' })
  const answer = await fetch((await describe()).url, { headers, redirect: 'manual' })
  expect(answer.status).toBe(302)
  const elsewhere = String(answer.headers.get('location'))
  expect(new URL(elsewhere).host).not.toBe(new URL(desk.simulator.url).host)
  expect(desk.simulator.trespasses).toEqual([])
  desk.simulator.faults.next({ fault: 'foreign-media-url' })
  expect((await describe()).url).toBe(elsewhere)
  await fetch(elsewhere, { headers })
  expect(desk.simulator.trespasses).toMatchObject([{ path: `/elsewhere/${file.id}`, hadToken: true }])
})
