-- Makes a claim a lock, when nobody has claimed since: the nonce still stands.
-- KEYS 1 the lock, 2 the index of locks
-- ARGV 1 nonce, 2 fence, 3 tab, 4 ms to live, 5 channel of pub/sub, 6 conversation, 7 prefix of locks
-- Says 1, or 0 when the claim was overtaken, ran out, or Redis was emptied
local held = redis.call('HMGET', KEYS[1], 'nonce', 'agent', 'name', 'channel', 'previous', 'previousName')
if held[1] ~= ARGV[1] then
  return 0
end
local time = redis.call('TIME')
local untilMs = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[4]
redis.call('HSET', KEYS[1], 'fence', ARGV[2], 't:' .. ARGV[3], untilMs)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('SADD', KEYS[2], ARGV[6])
-- Locks that ran out leave their name in the index: each new one looks after two old ones.
for _, id in ipairs(redis.call('SRANDMEMBER', KEYS[2], 2)) do
  if redis.call('EXISTS', ARGV[7] .. id) == 0 then
    redis.call('SREM', KEYS[2], id)
  end
end
local isTakenOver = held[5] and held[5] ~= held[2]
redis.call('PUBLISH', ARGV[5], cjson.encode({
  t = 'lock',
  id = ARGV[6],
  change = isTakenOver and 'taken_over' or 'acquired',
  channel = held[4],
  holder = { id = held[2], name = held[3] },
  fence = tonumber(ARGV[2]),
  ms = tonumber(ARGV[4]),
  previous = isTakenOver and { id = held[5], name = held[6] } or cjson.null,
}))
return 1
