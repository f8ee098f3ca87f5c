import type { WatchedAccess } from './accessWatch.ts'
import type { Board } from './board.ts'
import type { Follower } from './follower.ts'
import type { PresenceItem } from './presenceItem.ts'
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
  { signal, whenDrained }: FollowOptions,
): AsyncGenerator<PresenceItem> {
  const over = signal ? AbortSignal.any([signal, watched.ended]) : watched.ended
  await waitFor(KNOWN_WITHIN_MS, over, (end) => {
    void board.whenKnown.then(end)
    return () => {}
  })
  let seen: string[] = watched.current?.channelIds ?? []
  while (!over.aborted) {
    await watched.refresh()
    const channelIds = watched.current?.channelIds
    if (!channelIds || over.aborted) return
    if (!Bun.deepEquals(seen, channelIds)) follower.askForState()
    seen = channelIds
    if (follower.takeNeedForState()) yield board.state(channelIds)
    const change = follower.next()
    if (change && (change.channelId === null || channelIds.includes(change.channelId))) yield change.item
    if (whenDrained) await whenDrained()
    if (!change) await follower.wait(LOOK_AT_ACCESS_EVERY_MS, over)
  }
}
