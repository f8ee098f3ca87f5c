-- A tab gives its part of the lock back at once, or keeps it a moment longer because it may only be reloading. The lock lives as
-- long as one tab of its holder does.
-- KEYS 1 the lock, 2 the index of locks
-- ARGV 1 agent, 2 tab, 3 fence ('': any), 4 ms that the tab keeps it (0: none), 5 channel of pub/sub, 6 conversation
local held = redis.call('HMGET', KEYS[1], 'agent', 'fence', 't:' .. ARGV[2], 'name', 'channel')
if held[1] ~= ARGV[1] or not held[2] or not held[3] or (ARGV[3] ~= '' and ARGV[3] ~= held[2]) then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local keepUntil = math.min(tonumber(held[3]), now + ARGV[4])
redis.call('HSET', KEYS[1], 't:' .. ARGV[2], keepUntil)
local latest = 0
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if fields[i]:sub(1, 2) == 't:' then
    latest = math.max(latest, tonumber(fields[i + 1]))
  end
end
if latest > now then
  redis.call('PEXPIREAT', KEYS[1], latest)
  redis.call('PUBLISH', ARGV[5], '{"t":"renewed","ids":["' .. ARGV[6] .. '"],"ms":' .. (latest - now) .. '}')
  return 1
end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[6])
redis.call('PUBLISH', ARGV[5], cjson.encode({
  t = 'free', id = ARGV[6], change = 'released', channel = held[5], previous = { id = held[1], name = held[4] },
}))
return 1
