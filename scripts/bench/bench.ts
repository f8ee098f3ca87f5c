import { buildWeb } from '../build.ts'
import { listenForLeaving } from '../services/leaving.ts'
import { Bystanders } from './bystanders.ts'
import { type Figure, verdictOf } from './figure.ts'
import type { Options } from './options.ts'
import { figureLine, table } from './report.ts'
import { FULL, QUICK, type Row } from './row.ts'
import { backlog } from './rows/backlog.ts'
import { catchUp, reconnect } from './rows/catchUp.ts'
import { consumer } from './rows/consumer.ts'
import { fanOut } from './rows/fanOut.ts'
import { heartbeats } from './rows/heartbeats.ts'
import { liveLatency } from './rows/liveLatency.ts'
import { locks } from './rows/locks.ts'
import { memory } from './rows/memory.ts'
import { outbox } from './rows/outbox.ts'
import { sendLatency } from './rows/sendLatency.ts'
import { sends } from './rows/sends.ts'
import { generatorCeiling, webhookLatency, webhookThroughput } from './rows/webhook.ts'
import { wholePath } from './rows/wholePath.ts'
import { Stage } from './stage.ts'
import { ROW_NAMES, type RowName } from './target.ts'
import { WEB_ROW_NAMES } from './web/target.ts'
import { WEB_ROWS } from './web/webRows.ts'
import { writeWebFigures } from './web/writeWebFigures.ts'
import { writeFigures } from './writeFigures.ts'

const ROWS: Record<RowName, Row> = {
  generator: generatorCeiling,
  'webhook-single': webhookThroughput('webhook-single', 1),
  'webhook-batch100': webhookThroughput('webhook-batch100', 100),
  'webhook-p99': webhookLatency,
  'whole-path': wholePath,
  consumer,
  backlog,
  sends,
  outbox,
  'send-latency': sendLatency,
  'live-latency': liveLatency,
  locks,
  heartbeats,
  'fan-out': fanOut,
  'catch-up': catchUp,
  reconnect,
  memory,
}

const WORTH_TELLING = 0.05

/** Runs the rows that were asked for, tells what came of them, and returns the exit code. */
export async function bench(options: Options): Promise<number> {
  const say = (line: string) => void (options.json || console.log(line))
  const startedAt = new Date()
  const leaving = listenForLeaving()
  const scale = options.quick ? QUICK : FULL
  const rows = chosen(options)
  if (options.web) await buildWeb()
  const stage = await Stage.open((what) => say(`  … ${what}`))
  const figures: Figure[] = []
  const failures: string[] = []
  try {
    for (const [name, row] of rows) {
      if (leaving.asked.aborted) break
      const began = performance.now()
      const bystanders = new Bystanders()
      try {
        const measured = await Promise.race([row(stage, scale), leaving.whenAsked.then(() => [])])
        const others = told(bystanders.end())
        for (const one of measured.map((each) => ({ ...each, note: each.note + others }))) {
          figures.push(one)
          console.log(options.json ? JSON.stringify(one) : figureLine(one))
        }
      } catch (error) {
        bystanders.end()
        failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
        console.error(`  ✗ ${failures.at(-1)}`)
      }
      await stage.clear()
      say(`    ${name} took ${((performance.now() - began) / 1000).toFixed(0)} s`)
    }
    const isWhole = !options.quick && options.only.length === 0 && !leaving.asked.aborted
    if (!options.json && figures.length > 0) console.log(`\n${table(figures)}`)
    if (isWhole && failures.length === 0) {
      const file = await (options.web ? writeWebFigures : writeFigures)(figures, stage, startedAt)
      say(`\nWritten to ${file}`)
    }
  } finally {
    await stage.close()
  }
  if (leaving.asked.aborted) say('Interrupted: everything that was started has been stopped.')
  const missed = figures.filter((one) => verdictOf(one) === 'missed').map((one) => one.name)
  if (missed.length > 0) console.error(`Below the floor: ${missed.join(', ')}`)
  return missed.length + failures.length > 0 || leaving.asked.aborted ? 1 : 0
}

function chosen({ web, only }: Options): [string, Row][] {
  return web
    ? (only.length > 0 ? only : WEB_ROW_NAMES).map((name) => [name, WEB_ROWS[name]])
    : (only.length > 0 ? only : ROW_NAMES).map((name) => [name, ROWS[name]])
}

/** Only what others took matters to a reader; a quiet machine needs no word. */
function told(shareOfOthers: number): string {
  return shareOfOthers > WORTH_TELLING
    ? `; others used ${(shareOfOthers * 100).toFixed(0)} % of the machine meanwhile`
    : ''
}
