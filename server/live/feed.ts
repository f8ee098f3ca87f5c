import type { Logger } from 'pino'
import type { Credential } from '../auth/credential.ts'
import type { Agent } from '../inbox/agent.ts'
import type { FeedItem, ResyncScope } from '../inbox/event.ts'
import type { AccessWatch, WatchedAccess } from './accessWatch.ts'
import type { Bell } from './bell.ts'
import { bundleOf } from './bundle.ts'
import type { LogMarks } from './logMarks.ts'
import type { OpenReader } from './logReader.ts'
import { type ObserveDelay, Tail } from './tail.ts'

export type Subscriber = {
  credential: Credential
  agent: Agent
  /** The `seq` of the last item received; null starts at the present. */
  cursor: string | null
  /** The channels in reach when the subscriber read what it holds, if it says so: else those in reach now. */
  channelIds?: string[] | undefined
  signal: AbortSignal | undefined
  /** Resolves when the socket has taken what was sent before. */
  whenDrained?: (() => Promise<void>) | undefined
  /** How many events may go as one item, for who unpacks them (`bundle.ts`). */
  mostAtOnce?: number
}

export type Feed = {
  /** Follows the log of the agent's workspace until the signal aborts or the agent may not any more. */
  follow(subscriber: Subscriber): AsyncGenerator<FeedItem>
  close(): void
}

type ResyncReason = Extract<FeedItem, { type: 'resync' }>['reason']

/** A subscriber wakes this often to see whether it may see more than before. */
const LOOK_AT_ACCESS_EVERY_MS = 2000
/** A subscriber for whom nothing happens is told where the log stands this often, so that it never has to replay far. */
const QUIET_MS = 15_000

/**
 * The feed: replay and live are the same loop over the log, so there is no seam between them where an event could fall
 * through. Ordered by `seq`; filtered, so a subscriber sees gaps and must never test for `seq + 1`.
 */
export function createFeed(
  openReader: OpenReader,
  bell: Bell,
  access: AccessWatch,
  marks: LogMarks,
  log: Logger,
  observeDelay?: ObserveDelay,
): Feed {
  const tails = new Map<string, Promise<Tail>>()
  const tailOf = (workspaceId: string): Promise<Tail> => {
    const open = tails.get(workspaceId) ?? Tail.open(openReader, workspaceId, bell, marks, log, observeDelay)
    tails.set(workspaceId, open)
    open.catch(() => tails.delete(workspaceId))
    return open
  }

  async function* follow(subscriber: Subscriber) {
    const { signal } = subscriber
    const tail = await tailOf(subscriber.agent.workspaceId)
    const watched = await access.watch(subscriber.credential)
    watched.onChange(() => tail.wake())
    try {
      const over = signal ? AbortSignal.any([signal, watched.ended]) : watched.ended
      yield* replayAndFollow(tail, watched, subscriber, over)
    } finally {
      watched.stop()
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

/** One loop for what was and what will be. What the socket has not taken yet waits in the log, not in memory. */
async function* replayAndFollow(
  tail: Tail,
  watched: WatchedAccess,
  { cursor, channelIds: heldIds, whenDrained, mostAtOnce = 1 }: Subscriber,
  over: AbortSignal,
): AsyncGenerator<FeedItem> {
  let spokeAt = Date.now()
  let at = cursor === null ? await tail.lastInLog() : Number(cursor)
  let toldAt = at
  let { epochStart } = tail
  const resync = (seq: number, reason: ResyncReason, scope: ResyncScope): FeedItem => {
    at = toldAt = seq
    spokeAt = Date.now()
    return { seq: String(seq), type: 'resync', reason, scope }
  }

  // Who comes without a cursor is told at once where it begins: what happens before that word is not part of its feed.
  if (cursor === null) yield { seq: String(at), type: 'cursor' }
  const broken = cursor === null ? null : await brokenCursor(tail, at)
  if (broken) yield resync(broken.restartAt, broken.reason, 'all')

  let seen: string[] = heldIds ?? watched.current?.channelIds ?? []
  while (!over.aborted) {
    await tail.beyond(at, LOOK_AT_ACCESS_EVERY_MS, over)
    await watched.refresh()
    const channelIds = watched.current?.channelIds
    if (!channelIds || over.aborted) return
    if (tail.epochStart !== epochStart) {
      epochStart = tail.epochStart
      yield resync(await tail.lastInLog(), 'log_rebuilt', 'all')
    }
    const changed = oneSided(seen, channelIds)
    seen = channelIds
    if (changed.length > 0) yield resync(at, 'access_changed', { channelIds: changed })
    const page = await tail.after(at)
    for (let first = 0; first < page.length; first += mostAtOnce) {
      if (over.aborted) return
      if (!watched.isFresh()) break // a slow reader: look again before going on
      const some = page.slice(first, first + mostAtOnce)
      const inReach = some.filter((one) => one.channelId === null || seen.includes(one.channelId))
      const item = bundleOf(inReach.map((one) => one.item))
      at = some.at(-1)?.seq ?? at
      if (item === null) continue
      toldAt = inReach.at(-1)?.seq ?? toldAt
      spokeAt = Date.now()
      yield item
      await whenDrained?.()
    }
    if (at !== toldAt && Date.now() - spokeAt >= QUIET_MS) {
      toldAt = at
      spokeAt = Date.now()
      yield { seq: String(at), type: 'cursor' }
    }
  }
}

/** Why the log can not be continued from `at`, and where to start again; null when it can. */
async function brokenCursor(
  tail: Tail,
  at: number,
): Promise<{ reason: ResyncReason; restartAt: number } | null> {
  // Below the present epoch may be a number of the log that was lost; 0 holds nothing, and may have all.
  if (at > 0 && at < tail.epochStart) return { reason: 'log_rebuilt', restartAt: await tail.lastInLog() }
  if (tail.holds(at)) return null
  const last = await tail.lastInLog()
  if (at > last) return { reason: 'log_rebuilt', restartAt: last }
  if (at === last) return null
  const oldest = await tail.oldestInLog()
  const isCutOff = oldest === null || at < oldest - 1
  return isCutOff ? { reason: 'cursor_too_old', restartAt: last } : null
}

/** What stands in one of the two only: what came, and what went. */
function oneSided(before: readonly string[], now: readonly string[]): string[] {
  if (before === now) return []
  return [...before.filter((one) => !now.includes(one)), ...now.filter((one) => !before.includes(one))]
}
