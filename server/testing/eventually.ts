type Truthy<T> = Exclude<T, false | null | undefined | 0 | ''>

const pauseMs = 10
const longestPauseMs = 100

/**
 * Waits until a condition holds and returns what it gave. It may throw meanwhile (an `expect` inside it is fine): the
 * last reason is told when the time is over.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { withinMs = 5_000, what }: { withinMs?: number; what?: string } = {},
): Promise<Truthy<T>> {
  const deadline = performance.now() + withinMs
  let last: unknown
  for (let pause = pauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      const value = await condition()
      if (value) return value as Truthy<T>
      last = `it was ${Bun.inspect(value)}`
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) throw tooLate(withinMs, what ?? condition.toString(), last)
    await Bun.sleep(pause)
  }
}

function tooLate(withinMs: number, what: string, last: unknown): Error {
  const reason = last instanceof Error ? last.message : String(last)
  return new Error(`Still not so after ${withinMs} ms: ${what}\nat last: ${reason}`, { cause: last })
}
