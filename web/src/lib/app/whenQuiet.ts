/** The inbox comes first: what it shows, and the first things that are pressed in it. */
const AFTER_MS = 1_500

/** Fetches, when the tab has a moment, what nobody has asked for yet; the returned function takes it back. */
export function whenQuiet(fetch: () => Promise<unknown>): () => void {
  const timer = setTimeout(() => {
    const now = () => void fetch().catch(() => {})
    // Safari has none.
    if ('requestIdleCallback' in globalThis) requestIdleCallback(now)
    else now()
  }, AFTER_MS)
  return () => clearTimeout(timer)
}
