import { afterAll, beforeAll, expect, test } from 'bun:test'
import { z } from 'zod'
import { openDesk, sheena, text } from './testing/desk.ts'
import { until } from './testing/until.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.stop())

const from = async (path: string, init?: RequestInit) =>
  fetch(`${desk.simulator.url}/simulator/${path}`, init)
const rows = z.object({ log: z.array(z.looseObject({ position: z.number(), wamid: z.string() })) })
const statusesOf = (wamid: string) => desk.receiver.statuses().filter((one) => one.id === wamid)

test('the log tells what was accepted, in order, and can be read on from a position', async () => {
  const sent = []
  for (const word of ['one', 'two', 'three']) {
    sent.push((await desk.send(text(word, { biz_opaque_callback_data: `attempt-${word}` }))).wamid)
  }
  const all = rows.parse(await (await from(`log?number=${sheena}`)).json()).log
  expect(all.map((row) => row.wamid)).toEqual(sent)
  expect(all[1]).toMatchObject({ callbackData: 'attempt-two', content: { body: 'two' }, type: 'text' })
  const rest = rows.parse(await (await from('log?after=1&limit=1')).json()).log
  expect(rest.map((row) => row.wamid)).toEqual(sent.slice(1, 2))
})

test('what came twice is seen, by attempt and by content, and what failed does not count', async () => {
  for (const _ of [1, 2]) await desk.send(text('Twice', { biz_opaque_callback_data: 'attempt-twice' }))
  await desk.send(text('Again', { biz_opaque_callback_data: 'first' }))
  await desk.send(text('Again', { biz_opaque_callback_data: 'second' }))
  desk.simulator.faults.next({ code: 131000, as: 'status' })
  const failed = await desk.send(text('Once', { biz_opaque_callback_data: 'lost' }))
  await until('it failed', () => statusesOf(failed.wamid).length === 1)
  await desk.send(text('Once', { biz_opaque_callback_data: 'sent' }))
  const { byAttempt, byContent } = desk.simulator.phones.duplicates(sheena)
  expect(byAttempt.map((group) => group.map((row) => row.callbackData))).toEqual([
    ['attempt-twice', 'attempt-twice'],
  ])
  expect(byContent.map((group) => group[0]?.content)).toEqual([{ body: 'Twice' }, { body: 'Again' }])
})

test('a send that breaks a limit is refused and written down', async () => {
  const settings = JSON.stringify({ throughputPerSecond: 1000, isPairLimited: true })
  expect((await from('limits', { method: 'PUT', body: settings })).status).toBe(204)
  const to = '447700900555'
  const codes = []
  for (let count = 0; count < 46; count++) {
    codes.push((await desk.send({ to, type: 'text', text: { body: `${count}` } })).json.error?.code)
  }
  expect(codes.slice(0, 45).every((code) => code === undefined)).toBe(true)
  expect(codes[45]).toBe(131056)
  expect(desk.simulator.limits.breaches()).toMatchObject([{ limit: 'pair', number: to }])
  desk.simulator.limits.set({ throughputPerSecond: null, isPairLimited: false })
})

test('read marks and typing bubbles are written down', async () => {
  const wamid = await desk.simulator.phones.write(sheena, { type: 'text', text: 'Hello?' })
  await desk.send({ status: 'read', message_id: wamid })
  await desk.send({ status: 'read', message_id: wamid, typing_indicator: { type: 'text' } })
  expect(desk.simulator.phones.readMarks()).toMatchObject([
    { wamid, typing: false },
    { wamid, typing: true },
  ])
})

test('webhooks that are held back come later, in order', async () => {
  desk.simulator.webhook.pause()
  const { wamid } = await desk.send(text('Hold it'))
  await until('it was delivered', () =>
    desk.simulator.phones.log(sheena).some((row) => row.wamid === wamid && row.statuses.length === 3),
  )
  expect(statusesOf(wamid)).toEqual([])
  desk.simulator.webhook.resume()
  await until('all are told', () => statusesOf(wamid).length === 3)
  expect(statusesOf(wamid).map((one) => one.status)).toEqual(['sent', 'delivered', 'read'])
})

test('statuses can be told by hand, in any order', async () => {
  const { wamid } = await desk.send(text('Odd'))
  await until('it was read', () => statusesOf(wamid).length === 3)
  desk.simulator.statuses.tell(wamid, 'failed', 131000)
  await until('it failed after all', () => statusesOf(wamid).at(-1)?.status === 'failed')
})

test('many customers share a POST, and none is told twice', async () => {
  const before = desk.receiver.bodies.length
  const numbers = Array.from({ length: 60 }, (_, index) => `4477009${String(10_000 + index)}`)
  const sent = await Promise.all(
    numbers.map((to) => desk.send({ to, type: 'text', text: { body: 'To all' } })),
  )
  await until('all are read', () => sent.every(({ wamid }) => statusesOf(wamid).length === 3))
  expect(desk.receiver.bodies.length - before).toBeLessThan(180)
})
