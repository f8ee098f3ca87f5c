import type { Heartbeat, HeartbeatRequest, LockStore } from './lockStore.ts'

const LARGEST_BATCH = 250

type Waiting = { request: HeartbeatRequest } & PromiseWithResolvers<Heartbeat>

/**
 * Where heartbeats wait while others of their workspace are on the way, to go together in the next round trip. One that comes
 * alone does not wait at all. A script that renews many costs Redis and this process a fraction of as many calls.
 */
export function createHeartbeatDesk(store: LockStore) {
  const waiting = new Map<string, Waiting[]>()

  const run = async (workspaceId: string, line: Waiting[]) => {
    while (line.length > 0) {
      const batch = line.splice(0, LARGEST_BATCH)
      try {
        const answers = await store.renew(
          workspaceId,
          batch.map((one) => one.request),
        )
        for (const [index, one] of batch.entries()) one.resolve(answers[index] ?? { lost: null })
      } catch (error) {
        for (const one of batch) one.reject(error)
      }
    }
    waiting.delete(workspaceId)
  }

  return (workspaceId: string, request: HeartbeatRequest): Promise<Heartbeat> => {
    const one = { request, ...Promise.withResolvers<Heartbeat>() }
    const line = waiting.get(workspaceId)
    if (line) line.push(one)
    else {
      const started = [one]
      waiting.set(workspaceId, started)
      // After this tick, so that what comes in the same one goes along.
      queueMicrotask(() => void run(workspaceId, started))
    }
    return one.promise
  }
}
