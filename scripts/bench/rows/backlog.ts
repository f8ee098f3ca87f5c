import { figure } from '../figure.ts'
import { drained, fill } from '../fill.ts'
import { startConsumer, startProduct } from '../product.ts'
import { type Row, runId } from '../row.ts'

const FULL_ENTRIES = 100_000
const QUICK_ENTRIES = 8000
const CONTACTS = 2000
const WITHIN_MS = 120_000
/** What a second of traffic leaves under way at any moment: less than this and the backlog is gone. */
const GONE = 500

/** A backlog that one consumer process drains while webhooks keep coming, as after an outage of the database. */
export const backlog: Row = async (stage, scale) => {
  const entries = scale.isQuick ? QUICK_ENTRIES : FULL_ENTRIES
  const databaseUrl = await stage.freshDatabase()
  const server = await startProduct(stage, { databaseUrl, roles: 'server' })
  const generator = await stage.generator()
  await fill(stage.redis, { run: runId(), contacts: CONTACTS }, entries)
  const load = generator.run({
    mode: 'open',
    seconds: WITHIN_MS / 1000,
    ratePerSecond: 1000,
    connections: 64,
    port: server.port,
    subscriber: null,
    what: { kind: 'webhook', messagesPerPost: 1, contacts: CONTACTS, run: runId() },
  })
  await startConsumer(stage, { databaseUrl })
  const startedAt = performance.now()
  await drained(stage.redis, GONE, WITHIN_MS)
  const seconds = (performance.now() - startedAt) / 1000
  await generator.stop()
  const { latencyMs } = await load
  const note = `${entries.toLocaleString('en-US')} entries, one consumer process, 1,000 POST/s meanwhile: ${Math.round(entries / seconds + 1000)} messages/s stored in all`
  return [
    figure('backlog', seconds, 's', { note }),
    figure('backlog-webhook-p99', latencyMs.p99, 'ms', {
      note: `p50 ${latencyMs.p50.toFixed(1)}, worst ${latencyMs.max.toFixed(0)} ms, every POST answered with 200`,
    }),
  ]
}
