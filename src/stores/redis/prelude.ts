/** What every key begins with. */
const PREFIX = 'raincheck:'

/** Holds the number of the format that the records have. */
export const FORMAT_KEY = `${PREFIX}format`

/** Holds a random text, by which a server that was flushed is told from the one that it was before. */
export const IDENTITY_KEY = `${PREFIX}identity`

/** What a script answers that was meant for a server as it was before. */
export const LOST = 'LOST'

/**
 * What the scripts share. Each task is a hash; beside it are, all written in the same script as the task:
 * - `key:<key>`: its live task, the newest that settled and the newest that is complete; no older one answers where that is never fresh
 * - `owner:<owner>`: the live tasks that a process holds, in the order they are to be taken over
 * - `owners`: each of those processes, until when its lease runs
 * - `list:…`: the tasks of a scope, of a scope and name, and of a scope and any status but complete, newest first
 * - `expiry` and `settled`: settled tasks by the times that they are removed by
 */
export const PRELUDE = `
local P = '${PREFIX}'
local call = redis.call
-- The last argument of every script.
if call('GET', '${IDENTITY_KEY}') ~= table.remove(ARGV) then return redis.error_reply('${LOST} it was flushed') end
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function get(ref, ...) return call('HMGET', P .. 'task:' .. ref, ...) end
local function isLive(status) return status == 'pending' or status == 'processing' end
local function isHeld(owner)
  local till = call('ZSCORE', P .. 'owners', owner)
  return till and tonumber(till) > now
end
local function read(ref)
  local fields = call('HGETALL', P .. 'task:' .. ref)
  if #fields == 0 then return false end
  fields[#fields + 1] = 'held'
  fields[#fields + 1] = isHeld(call('HGET', P .. 'task:' .. ref, 'owner')) and '1' or '0'
  return fields
end
-- The length of the scope keeps 'a:b' in 'c' apart from 'b' in 'c:a'.
local function listKey(scope, kind, of) return P .. 'list:' .. #scope .. ':' .. scope .. kind .. of end
local function place(ref, interruptions, createdAt)
  return string.format('%03d:%015d:%s', interruptions, createdAt, ref)
end
local function hold(ref)
  local owner, priority, interruptions, createdAt = unpack(get(ref, 'owner', 'priority', 'interruptions', 'createdAt'))
  call('ZADD', P .. 'owners', 'NX', 0, owner)
  call('ZADD', P .. 'owner:' .. owner, -priority, place(ref, interruptions, createdAt))
end
local function letGo(ref)
  local owner, interruptions, createdAt = unpack(get(ref, 'owner', 'interruptions', 'createdAt'))
  call('ZREM', P .. 'owner:' .. owner, place(ref, interruptions, createdAt))
end
local function setStatus(ref, status)
  local old, scope, createdAt = unpack(get(ref, 'status', 'scope', 'createdAt'))
  if old == status then return end
  call('ZREM', listKey(scope, 's', old), ref)
  if status ~= 'complete' then call('ZADD', listKey(scope, 's', status), -createdAt, ref) end
  call('HSET', P .. 'task:' .. ref, 'status', status)
end
local function standing(key, staleAt)
  local live, settled, complete = unpack(call('HMGET', P .. 'key:' .. key, 'live', 'settled', 'complete'))
  if live then return live end
  for _, old in ipairs({ settled, complete }) do
    local freshUntil = old and get(old, 'freshUntil')[1]
    if freshUntil and staleAt ~= 'inf' and tonumber(freshUntil) > tonumber(staleAt) then return old end
  end
end
local function isOpenTo(ref, run)
  local status, its = unpack(get(ref, 'status', 'run'))
  return isLive(status) and its == run
end
-- What is removed comes first: a server that is full refuses a script only before its first write.
local function settle(ref, from)
  letGo(ref)
  local key = P .. 'key:' .. get(ref, 'key')[1]
  if call('HGET', key, 'live') == ref then call('HDEL', key, 'live') end
  local values = {}
  for at = from, #ARGV do values[#values + 1] = ARGV[at] end
  setStatus(ref, values[1])
  call('HSET', P .. 'task:' .. ref, unpack(values, 2))
  local settledAt, freshUntil, expiresAt = unpack(get(ref, 'settledAt', 'freshUntil', 'expiresAt'))
  if tonumber(freshUntil) > 0 then
    call('HSET', key, 'settled', ref)
    if values[1] == 'complete' then call('HSET', key, 'complete', ref) end
  elseif values[1] == 'complete' then
    call('HDEL', key, 'settled', 'complete')
  end
  call('ZADD', P .. 'expiry', expiresAt, ref)
  call('ZADD', P .. 'settled', settledAt, ref)
end
local function tellOwner(ref)
  local told = P .. 'revoked:' .. get(ref, 'owner')[1]
  call('ZADD', told, now, ref)
  call('ZREMRANGEBYSCORE', told, '-inf', now - 3600000)
  call('PEXPIRE', told, 3600000)
end
local function remove(ref)
  local key, scope, name, status = unpack(get(ref, 'key', 'scope', 'name', 'status'))
  for _, field in ipairs({ 'settled', 'complete' }) do
    if call('HGET', P .. 'key:' .. key, field) == ref then call('HDEL', P .. 'key:' .. key, field) end
  end
  call('ZREM', listKey(scope, 'a', ''), ref)
  call('ZREM', listKey(scope, 'n', name), ref)
  call('ZREM', listKey(scope, 's', status), ref)
  call('ZREM', P .. 'expiry', ref)
  call('ZREM', P .. 'settled', ref)
  call('UNLINK', P .. 'task:' .. ref)
end
`
