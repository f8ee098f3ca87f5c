-- A tab says that it is open, and what it shows. Announced when that is news.
-- KEYS 1 the tabs, 2 their ends   ARGV 1 tab, 2 what it shows as JSON, 3 ms to live, 4 channel of pub/sub
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local before = redis.call('HGET', KEYS[1], ARGV[1])
local ends = redis.call('ZSCORE', KEYS[2], ARGV[1])
local isNews = before ~= ARGV[2] or not ends or tonumber(ends) <= now
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 10)) do
  redis.call('HDEL', KEYS[1], gone)
  redis.call('ZREM', KEYS[2], gone)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3] * 4)
redis.call('PEXPIRE', KEYS[2], ARGV[3] * 4)
if isNews then
  redis.call('PUBLISH', ARGV[4], '{"t":"tab","id":"' .. ARGV[1] .. '","tab":' .. ARGV[2] .. ',"ms":' .. ARGV[3] .. '}')
end
return 1
