import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'

/** The order of a list as it was when somebody came near it. */
export type HeldOrder = {
  ids: readonly string[]
  /** Where each row stood in the order of time: who wrote since is known by it. */
  positions: ReadonlyMap<string, string>
}

export type ShownRows = {
  rows: readonly ConversationSnapshot[]
  /** How many rows would stand elsewhere, or at all, if the order were let go. */
  newer: number
  /** They have left the list, and keep their place until the order is let go. */
  goneIds: ReadonlySet<string>
}

export function heldFrom(rows: readonly ConversationSnapshot[]): HeldOrder {
  return { ids: rows.map((row) => row.id), positions: positionsOf(rows) }
}

/** What is shown when nothing is held. */
export function asTheyAre(rows: readonly ConversationSnapshot[]): ShownRows {
  return { rows, newer: 0, goneIds: NONE }
}

/**
 * The rows in the held order, each as it is now. `live` is how the list really stands. What came below all held rows (a page that
 * was loaded) moves nobody and is shown; what came between or above waits. What is out of reach altogether is gone at once.
 */
export function inHeldOrder(
  held: HeldOrder,
  live: readonly ConversationSnapshot[],
  find: (id: string) => ConversationSnapshot | undefined,
): ShownRows {
  const liveIds = new Set(live.map((row) => row.id))
  const lowest = live.findLastIndex((row) => held.positions.get(row.id) === row.lastPosition)
  const below = live.slice(lowest + 1).filter((row) => !held.positions.has(row.id))
  const rows = held.ids.flatMap((id) => find(id) ?? [])
  const moved = live.filter((row, index) => {
    const position = held.positions.get(row.id)
    return position === undefined ? index <= lowest : position !== row.lastPosition
  })
  const goneIds = new Set(held.ids.filter((id) => !liveIds.has(id)))
  return { rows: [...rows, ...below], newer: moved.length, goneIds }
}

/**
 * The order after this tab itself changed a conversation: a row that left the list by that leaves its place, one that came takes
 * the place that it has. Who acts wants to see it done, and expects the list to close up.
 */
export function withOwnChange(held: HeldOrder, live: readonly ConversationSnapshot[], id: string): HeldOrder {
  const index = live.findIndex((row) => row.id === id)
  const row = live[index]
  if (row === undefined)
    return withIds(
      held,
      held.ids.filter((one) => one !== id),
    )
  if (held.positions.has(id)) return held
  const above = live.slice(0, index).findLast((one) => held.positions.has(one.id))
  const at = above === undefined ? 0 : held.ids.indexOf(above.id) + 1
  const positions = new Map(held.positions).set(id, row.lastPosition)
  return { ids: held.ids.toSpliced(at, 0, id), positions }
}

function withIds(held: HeldOrder, ids: readonly string[]): HeldOrder {
  const kept = new Set(ids)
  return { ids, positions: new Map([...held.positions].filter(([id]) => kept.has(id))) }
}

const positionsOf = (rows: readonly ConversationSnapshot[]) =>
  new Map(rows.map((row) => [row.id, row.lastPosition]))

const NONE: ReadonlySet<string> = new Set()
