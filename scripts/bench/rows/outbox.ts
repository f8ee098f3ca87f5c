import { type Figure, figure } from '../figure.ts'
import { fillOutbox, type OutboxLoad, unsentIn } from '../fillOutbox.ts'
import type { GraphLog } from '../limitedGraph.ts'
import { startProduct } from '../product.ts'
import type { Row } from '../row.ts'
import type { Stage } from '../stage.ts'
import { cpuSecondsOf } from '../usage.ts'

const WITHIN_MS = 120_000
const LOOK_EVERY_MS = 200

type Part = { name: string; load: OutboxLoad; quick: OutboxLoad }

/** At 80 a second 10,000 messages would take two minutes: a fifth of them tells the same. */
const PARTS: Part[] = [
  {
    name: 'outbox-1000',
    load: { conversations: 500, perConversation: 20, throughputPerSecond: 1000 },
    quick: { conversations: 500, perConversation: 6, throughputPerSecond: 1000 },
  },
  {
    name: 'outbox-80',
    load: { conversations: 100, perConversation: 20, throughputPerSecond: 80 },
    quick: { conversations: 50, perConversation: 8, throughputPerSecond: 80 },
  },
]

/** How much of a number's limit the sender makes use of when a long line waits, and that it never goes beyond. */
export const outbox: Row = async (stage, scale) => {
  const figures: Figure[] = []
  for (const { name, load, quick } of PARTS)
    figures.push(await measure(stage, name, scale.isQuick ? quick : load))
  return figures
}

async function measure(stage: Stage, name: string, load: OutboxLoad): Promise<Figure> {
  const { conversations, perConversation, throughputPerSecond } = load
  const databaseUrl = await stage.freshDatabase()
  const graph = await stage.start('scripts/bench/limitedGraph.ts')
  await fetch(`${graph.url}/reset?rate=${throughputPerSecond}`)
  await fillOutbox(databaseUrl, load)
  const postgresBefore = cpuSecondsOf(stage.pids.postgres, true)
  const sender = await startProduct(stage, { databaseUrl, roles: 'send', graphUrl: graph.url })
  const givesUpAt = performance.now() + WITHIN_MS
  while ((await unsentIn(databaseUrl)) > 0) {
    if (performance.now() > givesUpAt) throw new Error(`Not all was sent within ${WITHIN_MS} ms`)
    await Bun.sleep(LOOK_EVERY_MS)
  }
  const count = conversations * perConversation
  const perMessage = (seconds: number) => ((seconds / count) * 1000).toFixed(2)
  const cpu = `CPU ms a message: sender ${perMessage(cpuSecondsOf(sender.pid))}, PostgreSQL ${perMessage(cpuSecondsOf(stage.pids.postgres, true) - postgresBefore)}`
  await sender.stop()
  const log = (await (await fetch(`${graph.url}/log`)).json()) as GraphLog
  await graph.stop()
  check(log, load)
  const seconds = ((log.accepted.at(-1)?.atMs ?? 0) - (log.accepted[0]?.atMs ?? 0)) / 1000
  const share = (count - 1) / seconds / throughputPerSecond
  const note =
    `of ${throughputPerSecond} messages/s: ${count} messages of ${conversations} conversations in ${seconds.toFixed(1)} s; ` +
    `no breach of either limit, each once and in order; busiest second ${log.busiestSecond}; ${cpu}`
  return figure(name, share, 'of the limit', { note })
}

/** @throws when a message came twice, out of order, or too soon */
function check({ accepted, breaches }: GraphLog, { conversations, perConversation }: OutboxLoad): void {
  if (breaches > 0) throw new Error(`${breaches} messages broke a limit`)
  if (accepted.length !== conversations * perConversation)
    throw new Error(`${accepted.length} messages arrived`)
  const last = new Map<string, number>()
  for (const { to, text } of accepted) {
    if (Number(text) !== (last.get(to) ?? 0) + 1)
      throw new Error(`Message ${text} came after ${last.get(to)}`)
    last.set(to, Number(text))
  }
}
