import type Redis from 'ioredis'
import { GROUP, STREAM } from './stream.ts'

/**
 * Cuts the stream below the lowest entry that is not acked, in one step inside Redis, so that nothing can be delivered
 * between the look and the cut. Exact MINID: MAXLEN would remove entries that nobody stored yet, and XDEL in the middle
 * makes the group's `lag` unknown on Redis 7.0.
 */
const TRIM = `
local pending = redis.call('XPENDING', KEYS[1], ARGV[1])
local lowest = pending[2]
if not lowest then
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    local fields = {}
    for i = 1, #group, 2 do fields[group[i]] = group[i + 1] end
    if fields['name'] == ARGV[1] then lowest = fields['last-delivered-id'] end
  end
end
if not lowest then return 0 end
return redis.call('XTRIM', KEYS[1], 'MINID', lowest)`

/** Removes entries that are stored and acked; returns how many. The newest one stays. */
export async function trimAcked(redis: Redis): Promise<number> {
  return Number(await redis.eval(TRIM, 1, STREAM, GROUP))
}
