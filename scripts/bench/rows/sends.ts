import postgres from 'postgres'
import { cookieOf } from '../agents.ts'
import { figure } from '../figure.ts'
import { backlogOf, drained, fill } from '../fill.ts'
import { startConsumer, startProduct } from '../product.ts'
import { type Row, runId } from '../row.ts'
import { median, spread } from '../statistics.ts'
import { cpuSecondsOf } from '../usage.ts'

const CONTACTS = 2000
const RATE = 400
/** More than two consumers can drain while the sends last, so that they are never idle. */
const BACKLOG_PER_SECOND = 20_000
const FULL_SECONDS = 6
const QUICK_SECONDS = 2
const WITHIN_MS = 120_000

/** Agents who answer while two consumers are busy: the rows and the counter that both write must not make them wait. */
export const sends: Row = async (stage, scale) => {
  const seconds = scale.isQuick ? QUICK_SECONDS : FULL_SECONDS
  const databaseUrl = await stage.freshDatabase()
  const graph = await stage.start('scripts/bench/baseline/graph.ts')
  const server = await startProduct(stage, { databaseUrl, roles: 'server,send', graphUrl: graph.url })
  const cookies = [
    await cookieOf(server.url, 'ana'),
    await cookieOf(server.url, 'ben'),
    await cookieOf(server.url, 'carla'),
  ]
  const generator = await stage.generator()

  // Every customer writes once, so that all windows are open.
  await fill(stage.redis, { run: runId(), contacts: CONTACTS }, CONTACTS)
  const first = await startConsumer(stage, { databaseUrl })
  await drained(stage.redis, 0, WITHIN_MS)
  await first.stop()
  const conversationIds = await openConversations(databaseUrl)

  const send = async (length: number) => {
    const result = await generator.run(
      {
        mode: 'open',
        seconds: length,
        ratePerSecond: RATE,
        connections: 64,
        port: server.port,
        subscriber: null,
        what: { kind: 'sends', cookies, conversationIds },
      },
      { mayRefuse: true },
    )
    refused += result.requests - result.accepted
    return result
  }
  let refused = 0
  const cpu: string[] = []
  await send(1)
  const alone: number[] = []
  const beside: number[] = []
  const p50: number[] = []
  const rates: number[] = []
  for (let pair = 0; pair < Math.max(1, scale.pairs - 1); pair++) {
    const before = { server: cpuSecondsOf(server.pid), postgres: cpuSecondsOf(stage.pids.postgres, true) }
    const quiet = await send(seconds)
    alone.push(quiet.latencyMs.p99)
    const perSend = (used: number) => ((used / quiet.requests) * 1000).toFixed(1)
    cpu.push(
      `server ${perSend(cpuSecondsOf(server.pid) - before.server)}, PostgreSQL ${perSend(cpuSecondsOf(stage.pids.postgres, true) - before.postgres)}`,
    )
    await stage.emptyRedis()
    const entries = BACKLOG_PER_SECOND * seconds
    await fill(stage.redis, { run: runId(), contacts: CONTACTS }, entries)
    const consumers = [
      await startConsumer(stage, { databaseUrl }),
      await startConsumer(stage, { databaseUrl }),
    ]
    const waiting = await backlogOf(stage.redis)
    const startedAt = performance.now()
    const { latencyMs } = await send(seconds)
    const left = await backlogOf(stage.redis)
    rates.push((waiting - left) / ((performance.now() - startedAt) / 1000))
    if (left === 0) throw new Error('The consumers ran out of work while the sends were measured')
    beside.push(latencyMs.p99)
    p50.push(latencyMs.p50)
    for (const consumer of consumers) await consumer.stop()
    await stage.emptyRedis()
  }
  const note =
    `messages.send over HTTP, ${RATE}/s open loop, three agents, sender running; spread ${spread(beside, 1)}, p50 ${median(p50).toFixed(1)} ms; ` +
    `two consumer processes stored ${median(rates).toFixed(0)} messages/s meanwhile; ` +
    `not answered with 200: ${refused}; CPU ms a send, alone: ${cpu[0]}; baseline: the same without them`
  return [figure('sends', median(beside), 'ms', { baseline: median(alone), note })]
}

async function openConversations(databaseUrl: string): Promise<string[]> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const rows = await sql<{ id: string }[]>`
      select id from conversations where last_inbound_at > now() - interval '1 hour' order by id`
    return rows.map((row) => row.id)
  } finally {
    await sql.end()
  }
}
