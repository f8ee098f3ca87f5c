/** How slowly bytes may come: nothing is asked of the first moments, and then a rate on the average. */
export type Pace = { graceMs: number; bytesPerSecond: number }

/** Whoever sends more slowly holds a connection and a file open, and sends nothing to speak of. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow'
}

/** The slowest line that files are taken from: 128 kbit/s. */
export const SLOWEST_UPLOAD: Pace = { graceMs: 30_000, bytesPerSecond: 16 * 1024 }

/**
 * The same bytes, as long as they come at that pace. The time is counted from the beginning and by what has come, so that a byte
 * now and then does not help.
 *
 * @throws TooSlow, as soon as it is clear
 */
export async function* atPace(
  source: AsyncIterable<Uint8Array>,
  { graceMs, bytesPerSecond }: Pace,
  now: () => number = () => performance.now(),
): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  const startedAtMs = now()
  let received = 0
  try {
    while (true) {
      const dueAtMs = startedAtMs + graceMs + (received / bytesPerSecond) * 1000
      const { done, value } = await before(iterator.next(), dueAtMs - now())
      if (done) return
      if (now() > dueAtMs) throw new TooSlow()
      received += value.byteLength
      yield value
    }
  } finally {
    // Not waited for: what comes too slowly may never end.
    void Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

async function before<T>(work: Promise<T>, withinMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new TooSlow()), Math.max(0, withinMs))
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}
