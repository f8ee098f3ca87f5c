/**
 * Waits until woken, until `ms` have passed, or until the signal aborts: whichever comes first. Never throws.
 * `wake` is called with the function that ends the wait, and returns the one that forgets it.
 */
export function waitFor(
  ms: number,
  signal: AbortSignal | undefined,
  wake: (end: () => void) => () => void = () => () => {},
): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      forget()
      resolve()
    }
    const timer = setTimeout(end, Math.max(0, ms))
    signal?.addEventListener('abort', end, { once: true })
    const forget = wake(() => queueMicrotask(end))
  })
}
