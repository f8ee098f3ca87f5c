/** Addresses that have been quiet for so long that their bucket is full again are forgotten, at most this often. */
const FORGET_EVERY_MS = 60_000

type Bucket = { tokens: number; at: number }
type Rule = { max: number; window: number }

/**
 * How often one address may try: a bucket of `max` tries that refills evenly within `window` seconds. better-auth's own
 * counter never empties while tries keep coming, so a team behind one address would lock itself out by signing in.
 */
export function createAttemptLimit(now: () => number = Date.now) {
  const buckets = new Map<string, Bucket & { fullAt: number }>()
  let forgotAt = now()

  return {
    async consume(key: string, rule: Rule): Promise<{ allowed: boolean; retryAfter: number | null }> {
      const at = now()
      forget(at)
      const perMs = rule.max / (rule.window * 1000)
      const before = buckets.get(key) ?? { tokens: rule.max, at }
      const filled = Math.min(rule.max, before.tokens + (at - before.at) * perMs)
      if (filled < 1) return { allowed: false, retryAfter: Math.ceil((1 - filled) / perMs / 1000) }
      const tokens = filled - 1
      buckets.set(key, { tokens, at, fullAt: at + (rule.max - tokens) / perMs })
      return { allowed: true, retryAfter: null }
    },
  }

  function forget(at: number) {
    if (at - forgotAt < FORGET_EVERY_MS) return
    forgotAt = at
    for (const [key, bucket] of buckets) if (bucket.fullAt <= at) buckets.delete(key)
  }
}
