import type postgres from 'postgres'
import type { Simulator } from '../../simulate/simulator.ts'
import type { Verdict } from '../check.ts'
import type { Asked } from './agents.ts'

type SentRow = { clientMessageId: string; status: string; state: string }

/** Compares what agents wrote and what the inbox says of it with what the customers' phones really got. */
export async function checkSent(
  asked: readonly Asked[],
  sql: postgres.Sql,
  { phones }: Simulator,
): Promise<Verdict> {
  const log = phones.log()
  const arrivals = new Map<string, number>()
  for (const { content } of log) {
    const text = String(content.body)
    arrivals.set(text, (arrivals.get(text) ?? 0) + 1)
  }
  const rows = await sql<SentRow[]>`
    select m.client_message_id as "clientMessageId", m.status, o.state
    from messages m join outbox o on o.message_id = m.id`
  const shown = new Map(rows.map((row) => [row.clientMessageId, row]))
  const taken = asked.filter((one) => one.isTaken)
  const count = (isSo: (one: Asked, row: SentRow | undefined, times: number) => boolean) =>
    taken.filter((one) => isSo(one, shown.get(one.clientMessageId), arrivals.get(one.text) ?? 0)).length
  const say = (times: number, what: string) => (times > 0 ? [`${times} messages ${what}`] : [])
  const hasLeft = (row: SentRow | undefined) => ['sent', 'delivered', 'read'].includes(row?.status ?? '')
  return {
    lost: count((_, row, times) => row === undefined || (hasLeft(row) && times === 0)),
    doubled: [...arrivals.values()].reduce((sum, times) => sum + times - 1, 0),
    reordered: reorderedIn(
      asked,
      log.map(({ number, content }) => ({ number, text: String(content.body) })),
    ),
    problems: [
      ...say(
        count((_, row) => row?.state === 'sending' || row?.state === 'queued'),
        'are neither sent nor given up, after everything came to rest',
      ),
      ...say(
        count((_, row, times) => row?.status === 'unknown' && times > 0),
        'are shown as unknown although WhatsApp told that it has them',
      ),
      ...say(
        count((_, row, times) => row?.status === 'failed' && times > 0),
        'are shown as failed and have arrived',
      ),
    ],
  }
}

/** How many messages reached their customer before one that was written earlier. */
function reorderedIn(asked: readonly Asked[], log: readonly { number: string; text: string }[]): number {
  const places = new Map(asked.map((one, place) => [one.text, place]))
  const furthest = new Map<string, number>()
  let reordered = 0
  for (const { number, text } of log) {
    const place = places.get(text) ?? -1
    if (place < (furthest.get(number) ?? -1)) reordered += 1
    else furthest.set(number, place)
  }
  return reordered
}
