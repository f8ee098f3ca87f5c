/** The inbox comes first: what it shows, and the first things that are pressed in it. */
const AFTER_MS = 1_500
/** A tab that is never idle, as while messages pour in, does it all the same. */
const AT_THE_LATEST_MS = 1_000

/** Fetches, or tidies, when the tab has a moment, what nobody has asked for yet; the returned function takes it back. */
export function whenQuiet(act: () => Promise<unknown>): () => void {
  let idle = 0
  const now = () => void act().catch(() => {})
  const timer = setTimeout(() => {
    // Safari has none.
    if ('requestIdleCallback' in globalThis) idle = requestIdleCallback(now, { timeout: AT_THE_LATEST_MS })
    else now()
  }, AFTER_MS)
  return () => {
    clearTimeout(timer)
    if (idle !== 0) cancelIdleCallback(idle)
  }
}
