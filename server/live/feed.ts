import type { Logger } from 'pino'
import type { Credential } from '../auth/credential.ts'
import type { Agent } from '../inbox/agent.ts'
import type { FeedItem, ResyncScope } from '../inbox/event.ts'
import type { Reach } from '../inbox/policy.ts'
import type { AccessWatch, WatchedAccess } from './accessWatch.ts'
import type { Bell } from './bell.ts'
import { bundleOf } from './bundle.ts'
import type { LogMarks } from './logMarks.ts'
import type { LoggedEvent, OpenReader } from './logReader.ts'
import { type ObserveDelay, Tail } from './tail.ts'

export type Subscriber = {
  credential: Credential
  agent: Agent
  /** The `seq` of the last item received; null starts at the present. */
  cursor: string | null
  /** The channels in reach when the subscriber read what it holds, if it says so: else those in reach now. */
  channelIds?: string[] | undefined
  /** The mark of that reach (`auth.me`): with another one, what is held may be more or less than what may be seen. */
  reachMark?: string | undefined
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
  { cursor, channelIds: heldIds, reachMark, whenDrained, mostAtOnce = 1 }: Subscriber,
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

  let seen: Reach | null = null
  while (!over.aborted) {
    await tail.beyond(at, LOOK_AT_ACCESS_EVERY_MS, over)
    await watched.refresh()
    const reach = watched.current?.reach
    if (!reach || over.aborted) return
    if (tail.epochStart !== epochStart) {
      epochStart = tail.epochStart
      yield resync(await tail.lastInLog(), 'log_rebuilt', 'all')
    }
    const changed = seen ? reach.changedSince(seen) : changedWhileAway(reach, heldIds, reachMark)
    seen = reach
    if (changed.length > 0) yield resync(at, 'access_changed', { channelIds: changed })
    const page = await tail.after(at)
    for (let first = 0; first < page.length; first += mostAtOnce) {
      if (over.aborted) return
      if (!watched.isFresh()) break // a slow reader: look again before going on
      const some = page.slice(first, first + mostAtOnce)
      const inReach = some.flatMap((one) => {
        const told = toldOf(one, reach)
        return told ? [{ seq: one.seq, item: told }] : []
      })
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

/** What somebody is told of an event: it, nothing, or that its conversation was taken from them. */
function toldOf(
  { seq, channelId, conversationId, held, was, item }: LoggedEvent,
  reach: Reach,
): FeedItem | null {
  if (channelId === null) return item
  if (conversationId === null || held === null) return reach.touches(channelId) ? item : null
  if (reach.covers(held)) return item
  if (was === null || !reach.covers(was)) return null
  return { seq: String(seq), type: 'event', event: { type: 'conversation.withdrawn', conversationId } }
}

/** The channels of which more or less is in reach than when the subscriber loaded what it holds, as far as it says. */
function changedWhileAway(reach: Reach, heldIds: string[] | undefined, mark: string | undefined): string[] {
  const now = reach.channelIds
  if (mark !== undefined && mark !== reach.mark) return [...new Set([...(heldIds ?? []), ...now])]
  return heldIds === undefined ? [] : oneSided(heldIds, now)
}

/** What stands in one of the two only: what came, and what went. */
function oneSided(before: readonly string[], now: readonly string[]): string[] {
  return [...before.filter((one) => !now.includes(one)), ...now.filter((one) => !before.includes(one))]
}
