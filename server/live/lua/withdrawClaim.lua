-- Takes back a claim for which no fence could be had. Whoever lost the lock to it is told that it is free.
-- KEYS 1 the lock, 2 the index of locks   ARGV 1 nonce, 2 channel of pub/sub, 3 conversation
local held = redis.call('HMGET', KEYS[1], 'nonce', 'fence', 'channel', 'previous', 'previousName')
if held[1] ~= ARGV[1] or held[2] then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[3])
if held[4] then
  redis.call('PUBLISH', ARGV[2], cjson.encode({
    t = 'free', id = ARGV[3], change = 'released', channel = held[3], previous = { id = held[4], name = held[5] },
  }))
end
return 1
