import { messageInserts, rawInserts, singleInserts } from '../baseline/inserts.ts'
import { figure } from '../figure.ts'
import { drained, fill } from '../fill.ts'
import { startConsumer } from '../product.ts'
import { type Row, runId } from '../row.ts'
import type { Stage } from '../stage.ts'
import { median, spread } from '../statistics.ts'
import { cpuSecondsOf } from '../usage.ts'

const CONTACTS = 2000
const FULL_ENTRIES = 30_000
const QUICK_ENTRIES = 8000
const SINGLE_ROWS = 1000
const WITHIN_MS = 120_000

/** A backlog drained by the real consumer, against ready rows written into the same tables with nothing asked before. */
export const consumer: Row = async (stage, scale) => {
  const entries = scale.isQuick ? QUICK_ENTRIES : FULL_ENTRIES
  const rates: number[] = []
  const raw: number[] = []
  const single: number[] = []
  const messages: number[] = []
  const cpu: { consumer: number; postgres: number }[] = []
  for (let pair = 0; pair < scale.pairs; pair++) {
    const measureConsumer = async () => {
      const drain = await drainOnce(stage, entries)
      rates.push(entries / drain.seconds)
      cpu.push(drain.cpuPerThousand)
    }
    const measureRaw = async () => {
      raw.push(await rawInserts(await stage.freshDatabase(), entries, CONTACTS))
    }
    const order = pair % 2 === 0 ? [measureConsumer, measureRaw] : [measureRaw, measureConsumer]
    for (const measure of order) await measure()
    messages.push(await messageInserts(await stage.freshDatabase(), entries, CONTACTS))
    single.push(await singleInserts(await stage.freshDatabase(), SINGLE_ROWS, CONTACTS))
  }
  const ratios = rates.map((rate, index) => rate / (raw[index] ?? Number.NaN))
  const note =
    `${entries.toLocaleString('en-US')} entries of one message, ${CONTACTS} contacts, all of them new; spread ${spread(rates)}, ratio of pairs ${spread(ratios, 2)}; ` +
    `baseline: unnest of ready rows into messages, conversations and events; into messages alone ${median(messages).toFixed(0)} rows/s; ` +
    `one row a transaction: ${median(single).toFixed(0)} rows/s; CPU s per 1,000: consumer ${median(cpu.map((one) => one.consumer)).toFixed(3)}, ` +
    `PostgreSQL ${median(cpu.map((one) => one.postgres)).toFixed(3)}`
  return [
    figure('consumer', median(rates), 'messages/s', { baseline: median(raw), ratio: median(ratios), note }),
  ]
}

async function drainOnce(stage: Stage, entries: number) {
  const databaseUrl = await stage.freshDatabase()
  await fill(stage.redis, { run: runId(), contacts: CONTACTS }, entries)
  const before = cpuSecondsOf(stage.pids.postgres, true)
  const process = await startConsumer(stage, { databaseUrl })
  const startedAt = performance.now()
  const consumerBefore = cpuSecondsOf(process.pid)
  await drained(stage.redis, 0, WITHIN_MS)
  const seconds = (performance.now() - startedAt) / 1000
  const cpuPerThousand = {
    consumer: ((cpuSecondsOf(process.pid) - consumerBefore) / entries) * 1000,
    postgres: ((cpuSecondsOf(stage.pids.postgres, true) - before) / entries) * 1000,
  }
  await process.stop()
  return { seconds, cpuPerThousand }
}
