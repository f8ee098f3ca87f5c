-- The tabs that are open. KEYS 1 the tabs, 2 their ends   ARGV the tabs to look at; none: all
-- Says for each: tab, what it shows, ms left
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answers = {}
local function add(tab, ends)
  local shows = ends and tonumber(ends) > now and redis.call('HGET', KEYS[1], tab)
  if shows then
    answers[#answers + 1] = { tab, shows, tonumber(ends) - now }
  end
end
if #ARGV > 0 then
  for _, tab in ipairs(ARGV) do
    add(tab, redis.call('ZSCORE', KEYS[2], tab))
  end
else
  local all = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
  for i = 1, #all, 2 do
    add(all[i], all[i + 1])
  end
end
return answers
