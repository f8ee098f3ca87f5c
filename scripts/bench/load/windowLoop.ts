import { openConnections } from './connection.ts'
import type { PlanOf } from './plan.ts'
import { requestsOf } from './requests.ts'
import type { Subscriber } from './subscriber.ts'
import { Tally } from './tally.ts'

const SEEN_WITHIN_MS = 60_000

/**
 * As fast as the whole path can: a message that is posted stays in the window until the subscriber has seen it, and while
 * the window is full nothing is posted. So the rate is one that path keeps up with, and no backlog can grow.
 */
export async function windowLoop(
  plan: PlanOf<'window'>,
  subscriber: Subscriber,
): Promise<{ tally: Tally; seconds: number }> {
  const next = requestsOf(plan)
  const perPost = plan.what.kind === 'webhook' ? plan.what.messagesPerPost : 1
  const connections = await openConnections(plan.port, plan.connections)
  const idle = [...connections]
  const tally = new Tally()
  const startedAt = performance.now()
  const endsAt = startedAt + plan.seconds * 1000
  let posted = 0
  let pausedAt = startedAt
  const isOver = () => posted >= plan.messages || performance.now() >= endsAt

  const pump = () => {
    while (idle.length > 0 && posted - subscriber.seen + perPost <= plan.window && !isOver()) {
      const connection = idle.pop()
      if (connection === undefined) return
      const sentAt = performance.now()
      posted += perPost
      connection.send(next().request, (status) => {
        // What was refused will not be seen by anybody.
        if (status !== 200) posted -= perPost
        tally.add(status, performance.now() - sentAt)
        idle.push(connection)
        pump()
      })
    }
  }
  subscriber.onSeen = pump
  pump()
  while (!isOver()) {
    await Bun.sleep(20)
    pump()
    if (subscriber.seen > 0) pausedAt = performance.now()
    if (performance.now() - pausedAt > SEEN_WITHIN_MS) throw new Error('The subscriber sees nothing')
  }
  subscriber.onSeen = () => {}
  const givesUpAt = performance.now() + SEEN_WITHIN_MS
  while (subscriber.seen < posted && performance.now() < givesUpAt) await Bun.sleep(5)
  const seconds = (performance.now() - startedAt) / 1000
  for (const connection of connections) connection.close()
  return { tally, seconds }
}
