import { cookieOf, subscriberOf } from '../agents.ts'
import { figure } from '../figure.ts'
import { startProduct } from '../product.ts'
import { type Row, runId } from '../row.ts'
import { median, spread } from '../statistics.ts'

const CONTACTS = 2000
const RATE = 1000
const QUIET_RATE = 50

/** From the moment a POST was due to the moment a subscriber has its message. */
export const liveLatency: Row = async (stage, scale) => {
  const databaseUrl = await stage.freshDatabase()
  const graph = await stage.start('scripts/bench/baseline/graph.ts')
  const roles = 'server,consume,send,jobs'
  const server = await startProduct(stage, { databaseUrl, roles, graphUrl: graph.url })
  const cookie = await cookieOf(server.url, 'ana')
  const generator = await stage.generator()
  const follow = async (ratePerSecond: number, seconds: number) => {
    const { requests, live } = await generator.run({
      mode: 'open',
      seconds,
      ratePerSecond,
      connections: 64,
      port: server.port,
      subscriber: await subscriberOf(databaseUrl, cookie),
      what: { kind: 'webhook', messagesPerPost: 1, contacts: CONTACTS, run: runId() },
    })
    if (live?.seen !== requests) throw new Error(`${requests} were sent and the subscriber saw ${live?.seen}`)
    return live.latencyMs
  }
  await follow(RATE, 2)
  const busy: Awaited<ReturnType<typeof follow>>[] = []
  const quiet: number[] = []
  for (let pair = 0; pair < scale.pairs; pair++) {
    quiet.push((await follow(QUIET_RATE, scale.openSeconds / 2)).p99)
    busy.push(await follow(RATE, scale.openSeconds))
  }
  const p99 = busy.map((latency) => latency.p99)
  const note = `webhook to subscriber, ${RATE}/s open loop, all roles in one process; spread ${spread(p99, 1)}, p50 ${median(busy.map((latency) => latency.p50)).toFixed(1)}, worst ${Math.max(...busy.map((latency) => latency.max)).toFixed(0)} ms; baseline: the same at ${QUIET_RATE}/s`
  return [figure('live-latency', median(p99), 'ms', { baseline: median(quiet), note })]
}
