/** An empty bucket counts as none, so it may stay a while: a clock that is moved by hand can be slower than Redis's own. */
const KEPT_LONGER_MS = 60_000

/**
 * The limits as scripts, which Redis runs one at a time: GCRA, the leaky bucket as one number. Each bucket is kept as the
 * moment when it will be empty again. A message adds an interval to it, and may go when what is in the bucket is not more
 * than its size.
 *
 * Time is that of Redis, so that the clocks of many machines do not matter; a test gives its own as the first argument.
 */
const NOW = `
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local function emptyAt(key)
  return math.max(tonumber(redis.call('GET', key) or '0'), now)
end
local function keep(key, at)
  if at > now then redis.call('SET', key, string.format('%.3f', at), 'PX', math.ceil(at - now) + ${KEPT_LONGER_MS})
  else redis.call('DEL', key) end
end`

/**
 * KEYS number, closed, inbound, pair… ARGV now, number's interval, its size, a pair's interval, its size (all in ms).
 * Gives for how long the number waits, then for each pair 0 (go), -1 (the number waits) or the time from which it may.
 */
export const TAKE = `${NOW}
local interval, size = tonumber(ARGV[2]), tonumber(ARGV[3])
local pairInterval, pairSize = tonumber(ARGV[4]), tonumber(ARGV[5])
local bucket = emptyAt(KEYS[1])
-- What came in counts as well. More than a second's worth of it is a backlog that WhatsApp has counted long ago.
bucket = bucket + math.min(tonumber(redis.call('GETDEL', KEYS[3]) or '0') * interval, 1000)
local waits = math.max(0, tonumber(redis.call('HGET', KEYS[2], 'until') or '0') - now)
local answer = {0}
for i = 4, #KEYS do
  if waits == 0 and bucket - now > size then waits = bucket - now - size end
  if waits > 0 then
    answer[i - 2] = -1
  else
    local pair = emptyAt(KEYS[i]) + pairInterval
    if pair - now > pairSize then
      answer[i - 2] = math.ceil(pair - pairSize)
    else
      keep(KEYS[i], pair)
      bucket = bucket + interval
      answer[i - 2] = 0
    end
  end
end
keep(KEYS[1], bucket)
answer[1] = math.ceil(waits)
return answer`

/** KEYS number, pair… ARGV now, number's interval, a pair's interval. */
export const GIVE_BACK = `${NOW}
keep(KEYS[1], emptyAt(KEYS[1]) - tonumber(ARGV[2]) * (#KEYS - 1))
for i = 2, #KEYS do keep(KEYS[i], emptyAt(KEYS[i]) - tonumber(ARGV[3])) end`

/**
 * KEYS number, closed. ARGV now, first wait, factor, longest wait, size of the number's bucket, how long a closing is
 * remembered. All that was under way when the door closed comes back with the same news, which counts once. It opens with a
 * full bucket, so that the first messages try it at the number's pace and not all at once.
 */
export const CLOSE = `${NOW}
local open = tonumber(redis.call('HGET', KEYS[2], 'until') or '0')
if open > now then return math.ceil(open) end
local times = redis.call('HINCRBY', KEYS[2], 'times', 1)
local wait = math.min(tonumber(ARGV[2]) * tonumber(ARGV[3]) ^ (times - 1), tonumber(ARGV[4]))
redis.call('HSET', KEYS[2], 'until', string.format('%.3f', now + wait))
redis.call('PEXPIRE', KEYS[2], math.ceil(wait + tonumber(ARGV[6])))
keep(KEYS[1], now + wait + tonumber(ARGV[5]))
return math.ceil(now + wait)`
