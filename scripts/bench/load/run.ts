import { closedLoop } from './closedLoop.ts'
import { wamidOf } from './deliveries.ts'
import { openLoop } from './openLoop.ts'
import type { Plan, PlanOf, Result } from './plan.ts'
import { Subscriber } from './subscriber.ts'
import { latencyOf } from './tally.ts'
import { windowLoop } from './windowLoop.ts'

const SEEN_WITHIN_MS = 30_000

/** Does what the plan says and tells what came of it. */
export async function run(plan: Plan, stop: AbortSignal): Promise<Result> {
  const before = process.cpuUsage()
  const { live, tally, seconds } = await follow(plan, stop)
  const { user, system } = process.cpuUsage(before)
  return { ...tally.result(seconds), live, cpuSeconds: (user + system) / 1e6 }
}

async function follow(plan: Plan, stop: AbortSignal) {
  if (plan.mode === 'closed') return { ...(await closedLoop(plan)), live: null }
  if (plan.mode === 'open') {
    if (plan.subscriber === null) return { ...(await openLoop(plan, stop, () => {})), live: null }
    return following(plan, plan.subscriber, (subscriber) => watched(plan, stop, subscriber))
  }
  return following(plan, plan.subscriber, async (subscriber) => {
    const done = await windowLoop(plan, subscriber)
    return { ...done, live: liveOf(subscriber, []) }
  })
}

async function following<Done>(
  { port }: Plan,
  who: { cookie: string; cursor: string },
  work: (subscriber: Subscriber) => Promise<Done>,
): Promise<Done> {
  const subscriber = await new Subscriber(port, who).open()
  try {
    return await work(subscriber)
  } finally {
    subscriber.close()
  }
}

/** An open loop whose every message is awaited at the subscriber. The wait counts from when its POST was due. */
async function watched(plan: PlanOf<'open'>, stop: AbortSignal, subscriber: Subscriber) {
  const { what } = plan
  if (what.kind !== 'webhook') throw new Error('Only webhooks are awaited at a subscriber')
  const dueAtOf = new Map<string, number>()
  const latencies: number[] = []
  subscriber.onWamid = (wamid) => {
    const dueAt = dueAtOf.get(wamid)
    if (dueAt === undefined) return
    dueAtOf.delete(wamid)
    latencies.push(performance.now() - dueAt)
  }
  const done = await openLoop(plan, stop, (first, dueAt) => {
    for (let index = 0; index < what.messagesPerPost; index++)
      dueAtOf.set(wamidOf(what.run, first + index), dueAt)
  })
  const givesUpAt = performance.now() + SEEN_WITHIN_MS
  while (dueAtOf.size > 0 && performance.now() < givesUpAt) await Bun.sleep(5)
  return { ...done, live: liveOf(subscriber, latencies) }
}

function liveOf({ seen, reconnects, resyncs }: Subscriber, latencies: number[]): NonNullable<Result['live']> {
  return { seen, reconnects, resyncs, latencyMs: latencyOf(latencies) }
}
