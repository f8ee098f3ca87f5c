-- Heartbeats of many tabs. Only ever lengthens what is there: a lock that was lost does not come back.
-- KEYS the locks   ARGV 1 ms to live, 2 channel of pub/sub, then for each lock: conversation, agent, tab, fence ('': any)
-- Says for each: its fence, or { agent, name, ms left } of whoever holds it ('' when nobody does)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local untilMs = now + ARGV[1]
local answers, renewed = {}, {}
for i, key in ipairs(KEYS) do
  local at = 3 + (i - 1) * 4
  local tab = 't:' .. ARGV[at + 2]
  local held = redis.call('HMGET', key, 'agent', 'fence', tab)
  local fence = held[2]
  local isHeld = held[1] == ARGV[at + 1] and fence and held[3] and tonumber(held[3]) > now
  if isHeld and (ARGV[at + 3] == fence or ARGV[at + 3] == '') then
    redis.call('HSET', key, tab, untilMs)
    redis.call('PEXPIRE', key, ARGV[1])
    answers[i] = tonumber(fence)
    renewed[#renewed + 1] = ARGV[at]
  else
    answers[i] = { held[1] or '', redis.call('HGET', key, 'name') or '', redis.call('PTTL', key) }
  end
end
if #renewed > 0 then
  redis.call('PUBLISH', ARGV[2], '{"t":"renewed","ids":["' .. table.concat(renewed, '","') .. '"],"ms":' .. ARGV[1] .. '}')
end
return answers
