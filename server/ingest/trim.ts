import type Redis from 'ioredis'
import { isSabotaged } from '../failPoint.ts'
import { GROUP, STREAM } from './stream.ts'

/**
 * Cuts the stream below the lowest entry that is not acked, in one step inside Redis, so that nothing can be delivered
 * between the look and the cut. Exact MINID: MAXLEN would remove entries that nobody stored yet, and XDEL in the middle
 * makes the group's `lag` unknown on Redis 7.0.
 */
const TRIM = `
local pending = redis.call('XPENDING', KEYS[1], ARGV[1])
local lowest, lag = pending[2], 0
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local fields = {}
  for i = 1, #group, 2 do fields[group[i]] = group[i + 1] end
  if fields['name'] == ARGV[1] then
    lowest = lowest or fields['last-delivered-id']
    lag = fields['lag'] or 0
  end
end
if not lowest then return { '', 0 } end
redis.call('XTRIM', KEYS[1], 'MINID', lowest)
return { lowest, pending[1] + lag }`

export type StreamLook = {
  /** Everything before this entry is stored; null when nothing was ever read. */
  storedUpTo: string | null
  /** Entries that are not stored yet, whether or not a consumer has them in hand. */
  waiting: number
}

/** Removes entries that are stored and acked, and says how the stream stands. The newest one stays. */
export async function trimAcked(redis: Redis): Promise<StreamLook> {
  if (isSabotaged('maxlen-trim')) await redis.xtrim(STREAM, 'MAXLEN', 1)
  const reply = await redis.eval(TRIM, 1, STREAM, GROUP)
  const [storedUpTo, waiting] = Array.isArray(reply) ? reply : []
  return { storedUpTo: storedUpTo ? String(storedUpTo) : null, waiting: Number(waiting ?? 0) }
}
