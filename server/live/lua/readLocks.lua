-- Who holds these locks. What is not there is struck from the index.
-- KEYS 1 the index of locks, then the locks   ARGV the conversations, in the same order
-- Says for each: { agent, name, channel, fence, ms left, previous agent }, or 0
local answers = {}
for i = 2, #KEYS do
  local held = redis.call('HMGET', KEYS[i], 'agent', 'name', 'channel', 'fence', 'previous')
  if held[1] and held[4] then
    answers[i - 1] = { held[1], held[2], held[3], held[4], redis.call('PTTL', KEYS[i]), held[5] or '' }
  else
    answers[i - 1] = 0
    if not held[1] then
      redis.call('SREM', KEYS[1], ARGV[i - 1])
    end
  end
end
return answers
