import type { Status } from '../../core/words/answer.js'
import { isAsking } from '../../core/words/questions.js'
import type { Ref } from '../../core/words/ref.js'
import { type ListFilter, type StoredTask, shownStatus, type TaskStore } from '../../core/words/task-store.js'
import { keptValue } from '../kept-values.js'
import { newestFirst } from '../memory-records.js'
import { LOST } from './prelude.js'
import { patchFields, recordFields, recordFrom, settlementFields } from './record.js'
import type { RedisScript } from './scripts.js'
import * as scripts from './scripts.js'
import type { RedisClient, RedisServer } from './server.js'

/** How many tasks that nobody holds are read at once; the contract's own limit. */
const MOST_UNHELD = 1_000

/** How many records of a list one script looks at, so that it holds up the server for about a millisecond. */
const LIST_AT_ONCE = 200

/** The same for the removal of records. */
const SWEEP_AT_ONCE = 100

/** Task records on a Redis server that any number of machines share. Each operation is one script, by the server's clock. */
export function redisTaskStore(server: RedisServer): TaskStore {
  const run = (script: RedisScript, ...args: (string | number)[]) =>
    evaluate(server, script, args.map(String))
  const did = async (script: RedisScript, ...args: (string | number)[]) => (await run(script, ...args)) === 1
  const read = async (script: RedisScript, ...args: (string | number)[]) => {
    const fields = (await run(script, ...args)) as string[] | null
    return fields === null ? undefined : recordFrom(fields)
  }
  return {
    shared: true,
    keepsValues: true,
    start: async (record, { now, refresh }) => {
      const { ref, key, scope, name, createdAt } = record
      const place = [ref, key, scope, name, createdAt, refresh ? 'inf' : now]
      return (await read(scripts.START, ...place, ...recordFields(record))) ?? record
    },
    update: (ref, term, patch) => {
      const { status = '', priority = '' } = patch
      return did(scripts.UPDATE, ref, term, status, priority, ...patchFields(patch))
    },
    settle: (ref, term, settlement, text) => {
      const value = text === undefined ? ['', '', ''] : keptValue(ref, term, text, settlement.expiresAt)
      return did(scripts.SETTLE, ref, term, ...value, ...settlementFields(settlement))
    },
    revoke: (ref, term, settlement) => did(scripts.REVOKE, ref, term, ...settlementFields(settlement)),
    interrupt: (ref, term, settlement) => did(scripts.INTERRUPT, ref, term, ...settlementFields(settlement)),
    leave: (ref, term) => did(scripts.LEAVE, ref, term),
    ask: (ref, term, { questions }) =>
      did(scripts.ASK, ref, term, JSON.stringify(questions), Number(isAsking(questions))),
    answer: (ref, from, to) =>
      did(scripts.ANSWER, ref, JSON.stringify(from), JSON.stringify(to), Number(isAsking(to))),
    unheld: async () => {
      const found = (await run(scripts.UNHELD, MOST_UNHELD)) as string[][]
      return found.map(recordFrom).sort(byTurn).slice(0, MOST_UNHELD)
    },
    takeOver: (ref, term, owner) => read(scripts.TAKE_OVER, ref, term, owner),
    revoked: async (owner) => (await run(scripts.REVOKED, owner)) as Ref[],
    get: (ref) => read(scripts.GET, ref),
    latest: (key) => read(scripts.LATEST, key),
    standing: (key, now) => read(scripts.STANDING, key, now),
    forget: async (key) => swept((await run(scripts.FORGET, key)) as string[]),
    list: (filter) => list(run, filter),
    remove: (ref) => did(scripts.REMOVE, ref),
    renew: async (owner, ms) => void (await run(scripts.RENEW, owner, ms)),
    release: async (owner) => void (await run(scripts.RELEASE, owner)),
    sweep: async ({ now, settledBefore = '' }) =>
      swept((await run(scripts.SWEEP, now, settledBefore, SWEEP_AT_ONCE)) as string[]),
    onLost: (listener) => server.onLost(listener),
    look: async () => void (await run(scripts.LOOK)),
  }
}

type Run = (script: RedisScript, ...args: (string | number)[]) => Promise<unknown>

/** What a server that was flushed has refused is done again in what it has now: each script is a step that may be repeated. */
function evaluate(server: RedisServer, script: RedisScript, args: string[]): Promise<unknown> {
  return server.use(async (connection) => {
    for (;;) {
      const { client, identity } = connection
      try {
        return await evaluateOnce(client, script, [...args, identity])
      } catch (error) {
        if (!says(LOST, error)) throw error
        await server.identifyAgain(connection, identity)
      }
    }
  })
}

/** A server that was started again has forgotten its scripts. */
async function evaluateOnce(
  client: RedisClient,
  { text, sha }: RedisScript,
  args: string[],
): Promise<unknown> {
  try {
    return await client.evalSha(sha, { arguments: args })
  } catch (error) {
    if (!says('NOSCRIPT', error)) throw error
    return client.eval(text, { arguments: args })
  }
}

function says(kind: string, error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(kind)
}

/** Each owner's tasks come in their order, but the interruption that one has now is not in it. */
function byTurn(one: StoredTask, other: StoredTask): number {
  return (
    other.priority - one.priority ||
    interruptionsOf(one) - interruptionsOf(other) ||
    one.createdAt - other.createdAt
  )
}

function interruptionsOf({ interruptions, owner, status }: StoredTask): number {
  return interruptions + Number(owner !== '' && status === 'processing')
}

/** Lists are kept by what records say: a task that is processing there shows `pending` once nobody holds it. */
async function list(run: Run, filter: ListFilter): Promise<StoredTask[]> {
  if (filter.status !== 'pending') return listBy(run, filter, filter.status)
  // In this order a task that is left, or taken over, in between is in one of them, or in both.
  const interrupted = await listBy(run, filter, 'processing')
  const waiting = await listBy(run, filter, 'pending')
  const byRef = new Map([...interrupted, ...waiting].map((task) => [task.ref, task]))
  return [...byRef.values()].sort(newestFirst).slice(0, filter.limit)
}

/**
 * Most tasks are complete: to find those takes no list of their own.
 * @param recorded The status that their records have.
 */
async function listBy(run: Run, filter: ListFilter, recorded: Status | undefined): Promise<StoredTask[]> {
  const { scope, status, name, limit, after } = filter
  const which =
    recorded !== undefined && recorded !== 'complete'
      ? ['s', recorded]
      : name !== undefined
        ? ['n', name]
        : ['a', '']
  const found: StoredTask[] = []
  for (let from: number | '' = after ? '' : 0; from !== -1 && found.length < limit; ) {
    const answer = await run(
      scripts.LIST,
      scope,
      ...which,
      from,
      after?.createdAt ?? '',
      after?.ref ?? '',
      LIST_AT_ONCE,
    )
    const [next, ...records] = answer as [number, ...string[][]]
    from = next
    for (const record of records.map(recordFrom))
      if ((status === undefined || shownStatus(record) === status) && (name ?? record.name) === record.name)
        found.push(record)
  }
  return found.slice(0, limit)
}

function swept(refsAndTerms: readonly string[]): { ref: Ref; term: number }[] {
  const removed: { ref: Ref; term: number }[] = []
  for (let at = 0; at < refsAndTerms.length; at += 2)
    removed.push({ ref: refsAndTerms[at] as Ref, term: Number(refsAndTerms[at + 1]) })
  return removed
}
