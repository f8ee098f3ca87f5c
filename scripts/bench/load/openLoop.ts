import { BROKEN, openConnections } from './connection.ts'
import type { PlanOf } from './plan.ts'
import { requestsOf } from './requests.ts'
import { Tally } from './tally.ts'

const TICK_MS = 1
/** Ends a run whose server does not answer any more. */
const ANSWERS_WITHIN_MS = 15_000

/**
 * Sends at a fixed rate, whatever the answers do. A latency runs from when the request was due, not from when a
 * connection was free for it: a server that stalls cannot hide the wait of those behind.
 */
export async function openLoop(
  plan: PlanOf<'open'>,
  stop: AbortSignal,
  sending: (first: number, dueAt: number) => void,
): Promise<{ tally: Tally; seconds: number }> {
  const next = requestsOf(plan)
  const connections = await openConnections(plan.port, plan.connections)
  const idle = [...connections]
  const waiting: { request: Uint8Array; dueAt: number }[] = []
  const tally = new Tally()
  const total = Math.round(plan.seconds * plan.ratePerSecond)
  const startedAt = performance.now()
  let due = 0

  const dispatch = () => {
    while (idle.length > 0) {
      const one = waiting.shift()
      if (one === undefined) return
      const connection = idle.pop()
      if (connection === undefined) return
      connection.send(one.request, (status) => {
        tally.add(status, performance.now() - one.dueAt)
        idle.push(connection)
        if (waiting.length > 0) dispatch()
      })
    }
  }
  while (due < total && !stop.aborted) {
    const now = performance.now()
    for (; due < total; due++) {
      const dueAt = startedAt + (due * 1000) / plan.ratePerSecond
      if (dueAt > now) break
      const { request, first } = next()
      sending(first, dueAt)
      waiting.push({ request, dueAt })
    }
    dispatch()
    await Bun.sleep(TICK_MS)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const givesUpAt = performance.now() + ANSWERS_WITHIN_MS
  while (tally.latencies.length < due && performance.now() < givesUpAt) await Bun.sleep(5)
  const waitedMs = performance.now() - startedAt
  for (let missing = due - tally.latencies.length; missing > 0; missing--) tally.add(BROKEN, waitedMs)
  const counted = tally.snapshot()
  for (const connection of connections) connection.close()
  return { tally: counted, seconds }
}
