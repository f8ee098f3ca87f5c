/** A page sends a handful of frames when it starts and a pong now and then; typing and presence go over HTTP or slowly. */
const BURST = 200
const PER_SECOND = 20

/** Says of each frame whether the socket may still send: one that floods is not a page of ours. */
export function messageBudget(now: () => number): () => boolean {
  let left = BURST
  let at = now()
  return () => {
    const present = now()
    left = Math.min(BURST, left + ((present - at) / 1000) * PER_SECOND)
    at = present
    if (left < 1) return false
    left -= 1
    return true
  }
}
