import { type Figure, figure } from '../figure.ts'
import type { Generator } from '../generator.ts'
import type { Result } from '../load/plan.ts'
import { startProduct } from '../product.ts'
import { type Row, runId } from '../row.ts'
import type { Actor, Stage } from '../stage.ts'
import { median, spread } from '../statistics.ts'
import { cpuSecondsOf } from '../usage.ts'

const CONNECTIONS = 64
const CONTACTS = 2000
const WARM_UP_SHARE = 0.3
/** More than any server here can take in a run; the one that does nothing takes more. */
const MOST_POSTS_PER_SECOND = 40_000
const MOST_POSTS_FOR_NOTHING = 150_000
/** So that what is in the stream stays well below Redis's `maxmemory`. */
const MOST_BYTES_PER_RUN = 200 * 1024 * 1024
const BYTES_OF_MESSAGE = 520

/** What the generator reaches against a server that does nothing: no row can show more than this. */
export const generatorCeiling: Row = async (stage, scale) => {
  const server = await stage.start('scripts/bench/baseline/answerAtOnce.ts')
  const generator = await stage.generator()
  const runs: { [perPost: number]: Measured[] } = { 1: [], 100: [] }
  for (let pair = 0; pair < scale.pairs; pair++) {
    for (const perPost of [1, 100]) {
      const measured = await closed(
        generator,
        server,
        perPost,
        scale.closedSeconds / 2,
        MOST_POSTS_FOR_NOTHING,
      )
      runs[perPost]?.push(measured)
    }
  }
  return [1, 100].map((perPost) => {
    const rates = (runs[perPost] ?? []).map((run) => run.messagesPerSecond)
    const note = `against a server that answers 200 at once and reads nothing; spread ${spread(rates)}`
    const name = perPost === 1 ? 'generator-ceiling' : 'generator-ceiling-batch100'
    return figure(name, median(rates), 'messages/s', { note })
  })
}

/** The webhook, `perPost` messages in each POST, against the bare server; both over the same Redis. */
export function webhookThroughput(name: string, perPost: number): Row {
  return async (stage, scale) => {
    const actors = await startBoth(stage)
    const generator = await stage.generator()
    const runs = await inPairs(stage, actors, scale.closedPairs, (actor, isWarmUp) =>
      closed(generator, actor, perPost, scale.closedSeconds * (isWarmUp ? WARM_UP_SHARE : 1)),
    )
    const rates = runs.product.map((run) => run.messagesPerSecond)
    const bare = runs.bare.map((run) => run.messagesPerSecond)
    const ratios = rates.map((rate, index) => rate / (bare[index] ?? Number.NaN))
    const cpu = (measured: Measured[]) => median(measured.map((run) => run.cpuPerThousand)).toFixed(3)
    const note = `${CONNECTIONS} connections, ${perPost} a POST; ratio of pairs ${spread(ratios, 2)}; CPU s per 1,000 messages: server ${cpu(runs.product)}, bare ${cpu(runs.bare)}; p99 ${median(runs.product.map((run) => run.result.latencyMs.p99)).toFixed(1)} ms`
    return [
      figure(name, median(rates), 'messages/s', { baseline: median(bare), ratio: median(ratios), note }),
    ]
  }
}

/** The webhook's p99 at a steady 1,000 POSTs a second. */
export const webhookLatency: Row = async (stage, scale) => {
  const actors = await startBoth(stage)
  const generator = await stage.generator()
  const runs = await inPairs(stage, actors, scale.pairs, (actor, isWarmUp) =>
    generator.run({
      mode: 'open',
      seconds: scale.openSeconds * (isWarmUp ? WARM_UP_SHARE : 1),
      ratePerSecond: 1000,
      connections: CONNECTIONS,
      port: actor.port,
      subscriber: null,
      what: { kind: 'webhook', messagesPerPost: 1, contacts: CONTACTS, run: runId() },
    }),
  )
  const p99 = (results: Result[]) => results.map((result) => result.latencyMs.p99)
  const p50 = median(runs.product.map((result) => result.latencyMs.p50))
  const max = Math.max(...runs.product.map((result) => result.latencyMs.max))
  const note = `1,000 POST/s open loop, from the due time; spread ${spread(p99(runs.product), 1)}; p50 ${p50.toFixed(2)}, worst ${max.toFixed(0)} ms`
  return [
    figure('webhook-p99', median(p99(runs.product)), 'ms', { baseline: median(p99(runs.bare)), note }),
  ] satisfies Figure[]
}

type Both = { product: Actor; bare: Actor }

async function startBoth(stage: Stage): Promise<Both> {
  const databaseUrl = await stage.freshDatabase()
  const product = await startProduct(stage, { databaseUrl, roles: 'server' })
  const env = { REDIS_URL: stage.redisUrl }
  return { product, bare: await stage.start('scripts/bench/baseline/bareWebhook.ts', { env }) }
}

/** One short run of each to warm up, then pairs; the order turns around each time, so that neither always comes first. */
async function inPairs<Measurement>(
  stage: Stage,
  actors: Both,
  pairs: number,
  measure: (actor: Actor, isWarmUp: boolean) => Promise<Measurement>,
): Promise<{ product: Measurement[]; bare: Measurement[] }> {
  const runs = { product: [] as Measurement[], bare: [] as Measurement[] }
  for (let pair = -1; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? (['product', 'bare'] as const) : (['bare', 'product'] as const)
    for (const who of order) {
      await stage.emptyRedis()
      const measured = await measure(actors[who], pair < 0)
      if (pair >= 0) runs[who].push(measured)
    }
  }
  return runs
}

type Measured = { result: Result; messagesPerSecond: number; cpuPerThousand: number }

async function closed(
  generator: Generator,
  actor: Actor,
  perPost: number,
  seconds: number,
  mostPerSecond = MOST_POSTS_PER_SECOND,
): Promise<Measured> {
  const mostBytes = MOST_BYTES_PER_RUN / (perPost * BYTES_OF_MESSAGE)
  const cpuBefore = cpuSecondsOf(actor.pid)
  const result = await generator.run({
    mode: 'closed',
    seconds,
    mostRequests: Math.floor(Math.min(mostPerSecond * seconds, mostBytes)),
    connections: CONNECTIONS,
    port: actor.port,
    what: { kind: 'webhook', messagesPerPost: perPost, contacts: CONTACTS, run: runId() },
  })
  const messages = result.accepted * perPost
  const cpuPerThousand = ((cpuSecondsOf(actor.pid) - cpuBefore) / messages) * 1000
  return { result, messagesPerSecond: messages / result.seconds, cpuPerThousand }
}
