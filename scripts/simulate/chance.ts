/** Numbers in [0, 1), the same ones for the same seed. */
export type Chance = () => number

/** Mulberry32: small, fast and good enough to spread delays and faults; never used for ids or secrets. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A whole number between the two, both included. */
export function between(chance: Chance, [low, high]: readonly [number, number]): number {
  return low + Math.floor(chance() * (high - low + 1))
}

/** One of the items; the list must not be empty. */
export function pick<Item>(chance: Chance, items: readonly Item[]): Item {
  const item = items[Math.floor(chance() * items.length)]
  if (item === undefined) throw new Error('pick from an empty list')
  return item
}
