import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { errorOf, knownCodes } from '../graph/errorCodes.ts'
import { openDesk, send, sheena, text } from '../testing/desk.ts'
import { until } from '../testing/until.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
beforeAll(async () => {
  desk = await openDesk({ slowMs: 60 })
})
beforeEach(() => desk.simulator.faults.clear())
afterAll(() => desk.stop())

const statusesOf = (wamid: string) => desk.receiver.statuses().filter((one) => one.id === wamid)
const attempt = (name: string) => text('Hello', { biz_opaque_callback_data: name })
const acceptedAs = (name: string) =>
  desk.simulator.phones.log(sheena).filter((row) => row.callbackData === name)

for (const code of knownCodes()) {
  const { http = 0, isReportedLater } = errorOf(code) ?? {}
  if (isReportedLater) {
    test(`${code} is told later, as a failed status of a message that was taken`, async () => {
      desk.simulator.faults.next({ code, number: sheena })
      const { http: answered, wamid } = await desk.send(text('Hello'))
      expect(answered).toBe(200)
      await until('it fails', () => statusesOf(wamid).length === 1)
      expect(statusesOf(wamid)[0]).toMatchObject({ status: 'failed', errors: [{ code }] })
    })
  } else {
    test(`${code} is answered with HTTP ${http}, and nothing was taken`, async () => {
      desk.simulator.faults.next({ code, number: sheena })
      const { http: answered, json } = await desk.send(attempt(`refused-${code}`))
      expect({ answered, code: json.error?.code }).toEqual({ answered: http, code })
      expect(acceptedAs(`refused-${code}`)).toHaveLength(0)
      expect((await desk.send(text('well again'))).http).toBe(200)
    })
  }
}

test('a code can be told the other way round', async () => {
  desk.simulator.faults.next({ code: 131047, as: 'answer' })
  expect((await desk.send(text('Hello'))).http).toBe(400)
  desk.simulator.faults.next({ code: 131000, as: 'status' })
  const { wamid } = await desk.send(text('Hello'))
  await until('it fails', () => statusesOf(wamid)[0]?.status === 'failed')
})

test('a connection cut after the message was taken: no answer, and the customer has it', async () => {
  desk.simulator.faults.next({ fault: 'reset-after-accept' })
  expect(await desk.send(attempt('cut-after')).catch(() => 'cut')).toBe('cut')
  expect(acceptedAs('cut-after')).toHaveLength(1)
  await until('its status names the attempt', () =>
    desk.receiver.statuses().some((one) => one.biz_opaque_callback_data === 'cut-after'),
  )
})

test('a connection cut before: no answer, and nobody has it', async () => {
  desk.simulator.faults.next({ fault: 'reset-before-reply' })
  expect(await desk.send(attempt('cut-before')).catch(() => 'cut')).toBe('cut')
  expect(acceptedAs('cut-before')).toHaveLength(0)
})

test('an answer that never comes: the sender gives up, and the customer has it', async () => {
  desk.simulator.faults.next({ fault: 'timeout-after-accept' })
  const controller = new AbortController()
  const { apiUrl, channel } = desk.simulator
  const hanging = fetch(`${apiUrl}/${channel.phoneNumberId}/messages`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${channel.accessToken}` },
    body: JSON.stringify({ messaging_product: 'whatsapp', ...attempt('hanging') }),
    signal: controller.signal,
  }).catch(() => 'gave up')
  await until('it was accepted', () => acceptedAs('hanging').length === 1)
  controller.abort()
  expect(await hanging).toBe('gave up')
})

test('a page of something in between is no answer of WhatsApp', async () => {
  desk.simulator.faults.next({ fault: 'bad-gateway' })
  await expect(desk.send(attempt('gateway'))).rejects.toThrow('JSON')
  expect(acceptedAs('gateway')).toHaveLength(0)
})

test('a slow answer comes all the same', async () => {
  desk.simulator.faults.next({ fault: 'slow-answer' })
  const startedAt = performance.now()
  expect((await desk.send(text('Slowly'))).http).toBe(200)
  expect(performance.now() - startedAt).toBeGreaterThan(55)
})

test('an expired token refuses everything until it is replaced', async () => {
  desk.simulator.faults.next({ fault: 'token-expired' })
  const own = desk.simulator.channel.accessToken
  for (const _ of [1, 2]) {
    const { http, json } = await desk.send(text('Hello'))
    expect({ http, error: json.error }).toMatchObject({ http: 401, error: { code: 190, error_subcode: 463 } })
  }
  desk.simulator.token.replace('a-new-token')
  expect((await send(desk.simulator, text('Hello'), own)).http).toBe(401)
  expect((await send(desk.simulator, text('Hello'), 'a-new-token')).http).toBe(200)
  desk.simulator.token.replace(own)
})

test('a number brings its own trouble into a demo', async () => {
  const to = '447700131056'
  const answers = []
  for (const _ of [1, 2, 3])
    answers.push((await desk.send({ to, type: 'text', text: { body: 'Hello' } })).http)
  expect(answers).toEqual([400, 400, 200])
})
