import type Redis from 'ioredis'
import { GROUP, STREAM } from './stream.ts'
import { trimAcked } from './trim.ts'

/** The newest entry that is stored stays in the stream until the next one is; it goes when nothing else is in hand. */
const FORGET = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local pending = redis.call('XPENDING', KEYS[1], ARGV[1])
if pending[1] > 0 then return 0 end
local delivered
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local fields = {}
  for i = 1, #group, 2 do fields[group[i]] = group[i + 1] end
  if fields['name'] == ARGV[1] then delivered = fields['last-delivered-id'] end
end
if not delivered then return 0 end
local removed = 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', delivered)) do
  local text = table.concat(entry[2], ' ')
  for i = 2, #ARGV do
    if string.find(text, ARGV[i], 1, true) then
      removed = removed + redis.call('XDEL', KEYS[1], entry[1])
      break
    end
  end
end
return removed`

/**
 * Takes out of the stream what is stored and holds one of these signs. What is not stored yet stays, always: whoever stores it
 * decides. At the end of what was delivered an XDEL leaves the group's `lag` as it is (see `trim.ts`).
 */
export async function forgetStored(redis: Redis, signs: readonly string[]): Promise<number> {
  if (signs.length === 0 || (await redis.exists(STREAM)) === 0) return 0
  await trimAcked(redis)
  return Number(await redis.eval(FORGET, 1, STREAM, GROUP, ...signs))
}
