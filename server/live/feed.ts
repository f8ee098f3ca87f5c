import type { Logger } from 'pino'
import type { Agent } from '../inbox/agent.ts'
import type { FeedItem } from '../inbox/event.ts'
import type { Bell } from './bell.ts'
import { type ObserveDelay, type OpenReader, Tail } from './tail.ts'

/** What an agent may see, as it is now; null when the session or the membership has ended. */
export type LoadAccess = (sessionId: string) => Promise<{ agent: Agent; channelIds: string[] } | null>

export type Subscriber = {
  sessionId: string
  agent: Agent
  /** The `seq` of the last item received; null starts at the present. */
  cursor: string | null
  signal: AbortSignal | undefined
}

export type Feed = {
  /** Follows the log of the agent's workspace until the signal aborts or the agent may not any more. */
  follow(subscriber: Subscriber): AsyncGenerator<FeedItem>
  close(): void
}

type ResyncReason = Extract<FeedItem, { type: 'resync' }>['reason']

/** Nothing is delivered on the strength of an access check older than this. */
const ACCESS_HOLDS_MS = 1000
/** A subscriber for whom nothing happens is told where the log stands this often, so that it never has to replay far. */
const QUIET_MS = 15_000

/**
 * The feed: replay and live are the same loop over the log, so there is no seam between them where an event could fall
 * through. Ordered by `seq`; filtered, so a subscriber sees gaps and must never test for `seq + 1`.
 */
export function createFeed(
  openReader: OpenReader,
  bell: Bell,
  loadAccess: LoadAccess,
  log: Logger,
  observeDelay?: ObserveDelay,
): Feed {
  const tails = new Map<string, Promise<Tail>>()
  const tailOf = (workspaceId: string): Promise<Tail> => {
    const open = tails.get(workspaceId) ?? Tail.open(openReader, workspaceId, bell, log, observeDelay)
    tails.set(workspaceId, open)
    open.catch(() => tails.delete(workspaceId))
    return open
  }

  async function* follow({ sessionId, agent, cursor, signal }: Subscriber): AsyncGenerator<FeedItem> {
    const tail = await tailOf(agent.workspaceId)
    let access = await loadAccess(sessionId)
    let checkedAt = Date.now()
    let spokeAt = Date.now()
    let at = cursor === null ? await tail.lastInLog() : Number(cursor)
    let toldAt = at
    const resync = (seq: number, reason: ResyncReason): FeedItem => {
      at = toldAt = seq
      spokeAt = Date.now()
      return { seq: String(seq), type: 'resync', reason }
    }

    // Who comes without a cursor is told at once where it begins: what happens before that word is not part of its feed.
    if (cursor === null) yield { seq: String(at), type: 'cursor' }
    const broken = cursor === null ? null : await brokenCursor(tail, at)
    if (broken) yield resync(broken.restartAt, broken.reason)

    while (!signal?.aborted && access !== null) {
      await tail.beyond(at, QUIET_MS, signal)
      if (Date.now() - checkedAt >= ACCESS_HOLDS_MS) {
        const before: string[] = access.channelIds
        access = await loadAccess(sessionId)
        checkedAt = Date.now()
        if (access?.channelIds.some((channelId) => !before.includes(channelId))) {
          yield resync(await tail.lastInLog(), 'access_changed')
        }
      }
      for (const { seq, channelId, event } of await tail.after(at)) {
        if (signal?.aborted || access === null) return
        if (Date.now() - checkedAt >= ACCESS_HOLDS_MS) break // a slow reader: look again before going on
        at = seq
        if (channelId !== null && !access.channelIds.includes(channelId)) continue
        toldAt = at
        spokeAt = Date.now()
        yield { seq: String(at), type: 'event', event }
      }
      if (at !== toldAt && Date.now() - spokeAt >= QUIET_MS) {
        toldAt = at
        spokeAt = Date.now()
        yield { seq: String(at), type: 'cursor' }
      }
    }
  }

  return {
    follow,
    close() {
      for (const tail of tails.values()) tail.then((open) => open.close()).catch(() => {})
      tails.clear()
    },
  }
}

/** Why the log can not be continued from `at`, and where to start again; null when it can. */
async function brokenCursor(
  tail: Tail,
  at: number,
): Promise<{ reason: ResyncReason; restartAt: number } | null> {
  const last = await tail.lastInLog()
  if (at > last) return { reason: 'log_rebuilt', restartAt: last }
  if (at === last) return null
  const oldest = await tail.oldestInLog()
  const isCutOff = oldest === null || at < oldest - 1
  return isCutOff ? { reason: 'cursor_too_old', restartAt: last } : null
}
