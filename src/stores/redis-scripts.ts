import { createHash } from 'node:crypto'

/** What every key begins with. */
const PREFIX = 'raincheck:'

/** Holds the number of the format that the records have. */
export const FORMAT_KEY = `${PREFIX}format`

/** A Lua script, and the name that a server knows it by once it has run. */
export interface RedisScript {
  text: string
  sha: string
}

/**
 * What the scripts share. Each task is a hash; beside it are, all written in the same script as the task:
 * - `key:<key>`: its live task, the newest that settled and the newest that is complete, of those that are ever fresh
 * - `owner:<owner>`: the live tasks that a process holds, in the order they are to be taken over
 * - `owners`: each of those processes, until when its lease runs
 * - `list:…`: the tasks of a scope, of a scope and name, and of a scope and any status but complete, newest first
 * - `expiry` and `settled`: settled tasks by the times that they are removed by
 */
const SHARED = `
local P = '${PREFIX}'
local call = redis.call
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

/** ref, key, scope, name, createdAt, now or 'inf' for a refresh, then the fields of the record. */
export const START = script(`
local ref, key, scope, name, createdAt, staleAt = unpack(ARGV, 1, 6)
if call('EXISTS', P .. 'task:' .. ref) == 1 then return read(ref) end
local live, settled, complete = unpack(call('HMGET', P .. 'key:' .. key, 'live', 'settled', 'complete'))
if live then return read(live) end
for _, old in ipairs({ settled or '', complete or '' }) do
  local freshUntil = get(old, 'freshUntil')[1]
  if freshUntil and staleAt ~= 'inf' and tonumber(freshUntil) > tonumber(staleAt) then return read(old) end
end
local fields = {}
for at = 7, #ARGV do fields[#fields + 1] = ARGV[at] end
call('HSET', P .. 'task:' .. ref, unpack(fields))
call('HSET', P .. 'key:' .. key, 'live', ref)
call('ZADD', listKey(scope, 'a', ''), -createdAt, ref)
call('ZADD', listKey(scope, 'n', name), -createdAt, ref)
call('ZADD', listKey(scope, 's', get(ref, 'status')[1]), -createdAt, ref)
hold(ref)
return false`)

/** ref, run, status or '', priority or '', then the fields that change. */
export const UPDATE = script(`
local ref, run, status, priority = unpack(ARGV, 1, 4)
if not isOpenTo(ref, run) then return 0 end
if status ~= '' then setStatus(ref, status) end
if #ARGV > 4 then call('HSET', P .. 'task:' .. ref, unpack(ARGV, 5)) end
if priority ~= '' then
  call('HSET', P .. 'task:' .. ref, 'priority', priority)
  if get(ref, 'asking')[1] ~= '1' then hold(ref) end
end
return 1`)

/** ref, run, status, then the fields of the settlement. */
export const SETTLE = script(`
if not isOpenTo(ARGV[1], ARGV[2]) then return 0 end
settle(ARGV[1], 3)
return 1`)

/** The same, for a task of another process. */
export const REVOKE = script(`
if not isOpenTo(ARGV[1], ARGV[2]) then return 0 end
tellOwner(ARGV[1])
settle(ARGV[1], 3)
return 1`)

/** The same, if that process is gone. */
export const INTERRUPT = script(`
if not isOpenTo(ARGV[1], ARGV[2]) or isHeld(get(ARGV[1], 'owner')[1]) then return 0 end
tellOwner(ARGV[1])
settle(ARGV[1], 3)
return 1`)

/** ref, run. */
export const LEAVE = script(`
local ref, run = unpack(ARGV)
if not isOpenTo(ref, run) then return 0 end
letGo(ref)
setStatus(ref, 'pending')
call('HSET', P .. 'task:' .. ref, 'owner', '')
hold(ref)
return 1`)

/** ref, run, questions, whether any is open. */
export const ASK = script(`
local ref, run, questions, asking = unpack(ARGV)
if not isOpenTo(ref, run) then return 0 end
letGo(ref)
setStatus(ref, 'pending')
call('HSET', P .. 'task:' .. ref, 'owner', '', 'questions', questions, 'asking', asking)
if asking == '0' then hold(ref) end
return 1`)

/** ref, the questions that it has, those that take their place, whether any is open. */
export const ANSWER = script(`
local ref, from, to, asking = unpack(ARGV)
local status, questions = unpack(get(ref, 'status', 'questions'))
if not isLive(status) or questions ~= from then return 0 end
call('HSET', P .. 'task:' .. ref, 'questions', to, 'asking', asking)
if asking == '0' then hold(ref) end
return 1`)

/** ref, run, owner. */
export const TAKE_OVER = script(`
local ref, run, owner = unpack(ARGV)
local old, status, interruptions, asking = unpack(get(ref, 'owner', 'status', 'interruptions', 'asking'))
if not isOpenTo(ref, run) or isHeld(old) or asking == '1' then return false end
letGo(ref)
if old ~= '' then tellOwner(ref) end
if old ~= '' and status == 'processing' then interruptions = interruptions + 1 end
setStatus(ref, 'pending')
call('HSET', P .. 'task:' .. ref, 'owner', owner, 'run', run + 1, 'interruptions', interruptions)
hold(ref)
return read(ref)`)

/** How many. Forgets the processes that are gone and hold nothing. */
export const UNHELD = script(`
local found = {}
for _, owner in ipairs(call('ZRANGEBYSCORE', P .. 'owners', '-inf', now)) do
  local places = call('ZRANGE', P .. 'owner:' .. owner, 0, ARGV[1] - 1)
  if #places == 0 then call('ZREM', P .. 'owners', owner) end
  for _, at in ipairs(places) do
    local record = read(string.sub(at, 21))
    if record then found[#found + 1] = record end
  end
end
return found`)

/** owner. */
export const REVOKED = script("return call('ZRANGE', P .. 'revoked:' .. ARGV[1], 0, -1)")

/** ref. */
export const GET = script('return read(ARGV[1])')

/** key. */
export const LATEST = script(`
local ref = call('HGET', P .. 'key:' .. ARGV[1], 'complete')
return ref and read(ref)`)

/**
 * scope, kind and value of the list, the number of the place to begin at or '' to look for the place of createdAt and ref, how
 * many to look at. Answers the next number, or -1 at the end, then records.
 */
export const LIST = script(`
local scope, kind, of, from, createdAt, after, most = unpack(ARGV)
local key = listKey(scope, kind, of)
if from == '' then from = call('ZCOUNT', key, '-inf', '(' .. -createdAt) end
local refs = call('ZRANGE', key, from, from + most - 1, 'WITHSCORES')
local found = { #refs < 2 * most and -1 or from + most }
for at = 1, #refs, 2 do
  local isBefore = after ~= '' and -refs[at + 1] == tonumber(createdAt) and refs[at] <= after
  local record = not isBefore and read(refs[at])
  if record then found[#found + 1] = record end
end
return found`)

/** ref. */
export const REMOVE = script(`
local status = get(ARGV[1], 'status')[1]
if not status or isLive(status) then return 0 end
remove(ARGV[1])
return 1`)

/** owner, milliseconds. */
export const RENEW = script("return call('ZADD', P .. 'owners', now + ARGV[2], ARGV[1])")

/** owner. */
export const RELEASE = script(`
if call('EXISTS', P .. 'owner:' .. ARGV[1]) == 0 then return call('ZREM', P .. 'owners', ARGV[1]) end
return call('ZADD', P .. 'owners', 0, ARGV[1])`)

/** now, settled before or '', how many. */
export const SWEEP = script(`
local swept = {}
local function sweep(index, bound)
  for _, ref in ipairs(call('ZRANGEBYSCORE', P .. index, '-inf', bound, 'LIMIT', 0, ARGV[3] - #swept / 2)) do
    swept[#swept + 1] = ref
    swept[#swept + 1] = get(ref, 'run')[1]
    remove(ref)
  end
end
sweep('expiry', ARGV[1])
if ARGV[2] ~= '' then sweep('settled', '(' .. ARGV[2]) end
return swept`)

function script(body: string): RedisScript {
  const text = SHARED + body.trim()
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}
