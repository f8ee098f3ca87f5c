import type { Reach } from '../inbox/policy.ts'
import type { WatchedAccess } from './accessWatch.ts'
import type { Board } from './board.ts'
import type { Change, Follower } from './follower.ts'
import type { PresenceItem } from './presenceItem.ts'
import type { LiveReach } from './reach.ts'
import { waitFor } from './wait.ts'

/** A follower wakes this often to see whether it may see more or less than before. */
const LOOK_AT_ACCESS_EVERY_MS = 1000
/** Without Redis nobody knows who is here; a subscriber is told so, and the rest when it is back. */
const KNOWN_WITHIN_MS = 1000

export type FollowOptions = {
  signal: AbortSignal | undefined
  /** Resolves when the socket has taken what was sent before. */
  whenDrained: (() => Promise<void>) | undefined
}

/** What one subscriber is told of a board: the state, then changes, always as far as its access goes. */
export async function* followBoard(
  board: Board,
  follower: Follower,
  watched: WatchedAccess,
  liveReach: LiveReach,
  { signal, whenDrained }: FollowOptions,
): AsyncGenerator<PresenceItem> {
  const over = signal ? AbortSignal.any([signal, watched.ended]) : watched.ended
  await waitFor(KNOWN_WITHIN_MS, over, (end) => {
    void board.whenKnown.then(end)
    return () => {}
  })
  let seen = watched.current?.reach
  while (!over.aborted) {
    await watched.refresh()
    const reach = watched.current?.reach
    if (!reach || over.aborted) return
    if (seen && reach.changedSince(seen).length > 0) follower.askForState()
    seen = reach
    if (follower.takeNeedForState()) yield board.state(await idsWithin(liveReach, reach, board.places()))
    const change = follower.next()
    if (change && (await isFor(liveReach, reach, change))) yield change.item
    if (whenDrained) await whenDrained()
    if (!change) await follower.wait(LOOK_AT_ACCESS_EVERY_MS, over)
  }
}

async function idsWithin(
  liveReach: LiveReach,
  reach: Reach,
  places: ReturnType<Board['places']>,
): Promise<Set<string>> {
  const isWithin = await liveReach.within(reach, places)
  return new Set(places.filter((_, index) => isWithin[index]).map((place) => place.conversationId))
}

async function isFor(liveReach: LiveReach, reach: Reach, { channelId, item }: Change): Promise<boolean> {
  if (channelId === null || !('conversationId' in item)) return true
  const [isWithin = false] = await liveReach.within(reach, [
    { conversationId: item.conversationId, channelId },
  ])
  return isWithin
}
