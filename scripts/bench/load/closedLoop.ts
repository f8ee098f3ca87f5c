import { openConnections } from './connection.ts'
import type { PlanOf } from './plan.ts'
import { requestsOf } from './requests.ts'
import { Tally } from './tally.ts'

/**
 * As fast as the server can: every connection sends its next request when the last one is answered. All requests are made
 * and signed before the clock starts, so that in the measured time the generator only writes and reads.
 */
export async function closedLoop(plan: PlanOf<'closed'>): Promise<{ tally: Tally; seconds: number }> {
  const next = requestsOf(plan)
  const requests = Array.from({ length: plan.mostRequests }, () => next().request)
  const connections = await openConnections(plan.port, plan.connections)
  const tally = new Tally()
  const startedAt = performance.now()
  const endsAt = startedAt + plan.seconds * 1000
  let sent = 0
  await Promise.all(
    connections.map(
      (connection) =>
        new Promise<void>((done) => {
          const go = () => {
            const sentAt = performance.now()
            const request = sentAt < endsAt ? requests[sent] : undefined
            if (request === undefined) return done()
            sent++
            connection.send(request, (status) => {
              tally.add(status, performance.now() - sentAt)
              go()
            })
          }
          go()
        }),
    ),
  )
  const seconds = (performance.now() - startedAt) / 1000
  for (const connection of connections) connection.close()
  return { tally, seconds }
}
