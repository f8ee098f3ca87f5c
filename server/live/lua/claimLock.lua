-- Claims a reply lock before Postgres gives out its fence. Who holds it already shares it with one more tab.
-- KEYS 1 the lock
-- ARGV 1 agent, 2 name, 3 channel, 4 tab, 5 nonce, 6 ms to live, 7 ms that a claim lives, 8 '1' to take over,
--      9 channel of pub/sub, 10 conversation
-- Says 'held', fence | 'locked', agent, name, ms left | 'busy' | 'claimed', previous agent, previous name
local held = redis.call('HMGET', KEYS[1], 'agent', 'name', 'fence', 'nonce', 'previous', 'previousName')
local agent, name, fence, nonce, previous, previousName = held[1], held[2], held[3], held[4], held[5], held[6]

if agent == ARGV[1] and fence then
  local time = redis.call('TIME')
  local untilMs = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[6]
  redis.call('HSET', KEYS[1], 't:' .. ARGV[4], untilMs)
  redis.call('PEXPIRE', KEYS[1], ARGV[6])
  redis.call('PUBLISH', ARGV[9], '{"t":"renewed","ids":["' .. ARGV[10] .. '"],"ms":' .. ARGV[6] .. '}')
  return { 'held', fence }
end

if agent and agent ~= ARGV[1] and ARGV[8] ~= '1' then
  return { 'locked', agent, name, redis.call('PTTL', KEYS[1]) }
end

-- A claim that waits for its fence is left alone: claims that replace each other would end with none.
if agent and not fence and nonce ~= ARGV[5] then
  return { 'busy' }
end

-- Our own claim, once more: whoever had the lock before it is still the one who loses it.
if fence then
  previous, previousName = agent, name
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'agent', ARGV[1], 'name', ARGV[2], 'channel', ARGV[3], 'nonce', ARGV[5])
if previous then
  redis.call('HSET', KEYS[1], 'previous', previous, 'previousName', previousName)
end
redis.call('PEXPIRE', KEYS[1], ARGV[7])
return { 'claimed', previous or '', previousName or '' }
