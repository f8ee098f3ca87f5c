-- Sets when a tab ends: at once (0 ms), soon because its socket broke, or later again because it has another socket.
-- KEYS 1 the tabs, 2 their ends   ARGV 1 tab, 2 ms left, 3 channel of pub/sub
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = redis.call('ZSCORE', KEYS[2], ARGV[1])
-- One whose time is over is gone for everybody. Given more time it would be here, and its next word no news: nobody would be told.
if not ends or tonumber(ends) <= now then
  return 0
end
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
else
  redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
end
redis.call('PUBLISH', ARGV[3], '{"t":"tabEnds","id":"' .. ARGV[1] .. '","ms":' .. ARGV[2] .. '}')
return 1
