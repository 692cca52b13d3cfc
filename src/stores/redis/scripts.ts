import { createHash } from 'node:crypto'
import { PRELUDE } from './prelude.js'

/** A Lua script, and the name that a server knows it by once it has run. */
export interface RedisScript {
  readonly text: string
  readonly sha: string
}

/** ref, key, scope, name, createdAt, now or 'inf' for a refresh, then the fields of the record. */
export const START = script(`
local ref, key, scope, name, createdAt, staleAt = unpack(ARGV, 1, 6)
if call('EXISTS', P .. 'task:' .. ref) == 1 then return read(ref) end
local old = standing(key, staleAt)
if old then return read(old) end
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

/** ref, run, key of the value or '', the value, for how long or '', status, then the fields of the settlement. */
export const SETTLE = script(`
local ref, run, key, value, ttl = unpack(ARGV, 1, 5)
if not isOpenTo(ref, run) then return 0 end
-- First: a server that is full then refuses all of it.
if ttl ~= '' then call('SET', key, value, 'PX', ttl) elseif key ~= '' then call('SET', key, value) end
settle(ref, 6)
return 1`)

/** ref, run, status, then the fields of the settlement: of a task of another process. */
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

/** key, now. */
export const STANDING = script(`
local ref = standing(ARGV[1], ARGV[2])
return ref and read(ref)`)

/** key. */
export const FORGET = script(`
local forgotten = {}
local key = P .. 'key:' .. ARGV[1]
local live, settled, complete = unpack(call('HMGET', key, 'live', 'settled', 'complete'))
if live then
  call('HDEL', key, 'live')
  call('HSET', P .. 'task:' .. live, 'key', 'forgotten:' .. live)
  if get(live, 'owner')[1] ~= '' then tellOwner(live) end
end
for _, ref in ipairs({ settled, settled ~= complete and complete }) do
  if ref then
    forgotten[#forgotten + 1] = ref
    forgotten[#forgotten + 1] = get(ref, 'run')[1]
    remove(ref)
  end
end
return forgotten`)

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

/** Nothing: whether the server is the one that it was is looked at by every script. */
export const LOOK = script('return 1')

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
  const text = PRELUDE + body.trim()
  let sha: string | undefined
  return {
    text,
    // Made by its first use: most processes have no such server.
    get sha() {
      sha ??= createHash('sha1').update(text).digest('hex')
      return sha
    },
  }
}
