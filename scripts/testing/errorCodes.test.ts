import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { eventually } from '../../server/testing/eventually.ts'
import { TestOutbox } from '../../server/testing/testOutbox.ts'
import { createGraph } from '../../server/whatsapp/graph.ts'
import { TREATMENTS, treatmentOf } from '../../server/whatsapp/graphError.ts'
import { failureInWords, failureOf } from '../../web/src/lib/inbox/failure.ts'
import { errorOf } from '../simulate/graph/errorCodes.ts'
import { type Simulator, startSimulator } from '../simulate/simulator.ts'

let outbox: TestOutbox
let simulator: Simulator
let webhook: ReturnType<typeof Bun.serve>

beforeAll(async () => {
  outbox = await TestOutbox.open()
  webhook = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      await outbox.receive(JSON.parse(await request.text()))
      return new Response('ok')
    },
  })
  simulator = await startSimulator({
    webhookUrl: String(webhook.url),
    delays: { sentMs: [1, 5], deliveredMs: [1, 5], readMs: [1, 5] },
  })
})
afterAll(async () => {
  await simulator.stop()
  await webhook.stop(true)
  await outbox.close()
})
afterEach(async () => {
  await outbox.redis.flushdb()
  await outbox.workspace
    .sql`update channels set stopped_at = null, stop_error = null, stop_token_digest = null`
  // What waits for a repetition would go out in the next test.
  await outbox.workspace.sql`update outbox set state = 'cancelled' where state = 'queued'`
})

const codes = Object.keys(TREATMENTS).map(Number)
const answered = codes.filter((code) => !errorOf(code)?.isReportedLater)
const told = codes.filter((code) => errorOf(code)?.isReportedLater)

/** Sends a message that meets this error, and waits until the inbox knows of it. */
async function meet(code: number) {
  const number = String(15558000000 + code)
  const message = await outbox.send(await outbox.openConversation(number), `Meets ${code}`)
  simulator.faults.next({ code, number })
  const graph = createGraph({ apiUrl: simulator.apiUrl })
  const stopError = () =>
    outbox.workspace.sql<{ stopError: { code: number } | null }[]>`select stop_error from channels`
  const isKnown = async () => {
    const { error } = await outbox.message(message.id)
    return error !== null || (await stopError())[0]?.stopError
  }
  const known = () => eventually(isKnown, { what: `error ${code} is known` })
  await outbox.running(graph, known, simulator.channel.accessToken)
  const [row] = await stopError()
  return { message: await outbox.message(message.id), stopped: row?.stopError?.code ?? null }
}

test('every code of the table is one that WhatsApp answers with or tells later', () => {
  expect(codes.filter((code) => errorOf(code) === undefined)).toEqual([])
  expect(told.length).toBeGreaterThan(0)
})

test.each(answered)(
  'a message that is refused with %d fails, waits or stops its channel, as its row says',
  async (code) => {
    const { message, stopped } = await meet(code)
    const { kind } = treatmentOf(code)
    const { action } = failureOf(message.error, message.status === 'queued' ? 'queued' : 'failed')
    if (kind === 'final') {
      expect(message).toMatchObject({ status: 'failed', error: { code }, retryAt: null })
      expect(failureInWords(message.error)).toEndWith(`(${code})`)
      expect(action).not.toBe('retry_at')
    }
    if (kind === 'passing') {
      expect(message).toMatchObject({ status: 'queued', error: { code } })
      expect(new Date(message.retryAt ?? 0).getTime()).toBeGreaterThan(outbox.clock.getTime())
      expect(action).toBe('retry_at')
    }
    if (kind === 'stop') expect(message).toMatchObject({ status: 'queued', error: null })
    expect(stopped).toBe(kind === 'stop' ? code : null)
  },
)

test.each(told)(
  'a failure %d that WhatsApp tells later is shown, with the action of its row',
  async (code) => {
    const { message, stopped } = await meet(code)
    expect(message).toMatchObject({ status: 'failed', error: { code } })
    expect(failureOf(message.error).action).not.toBe('retry_at')
    expect(stopped).toBe(treatmentOf(code).kind === 'stop' ? code : null)
  },
)
