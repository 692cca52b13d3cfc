import { isAsking, type Questions } from '../core/words/questions.js'
import type { Ref } from '../core/words/ref.js'
import {
  type Asked,
  isLive,
  type ListFilter,
  type Settlement,
  type StoredTask,
  type SweepLimits,
  type TaskPatch,
  type TaskRecord,
  type TaskStore,
} from '../core/words/task-store.js'

/** How many records one sweep removes at most, so that it never holds up the event loop. */
const SWEEP_AT_ONCE = 1_000

/** How many records that stay a sweep looks past, so that it need not look at all. */
const LOOK_PAST = 100

/** Task records of this process alone. What it is given it keeps, and what it gives is what it keeps: no copies. */
export function memoryTaskStore(): TaskStore {
  return new MemoryTaskStore()
}

/** The same, for stores that add to it. */
export class MemoryTaskStore implements TaskStore {
  readonly shared = false
  readonly keepsValues = false
  /** In the order of their creation, as a Map keeps it. */
  readonly #records = new Map<Ref, StoredTask>()
  readonly #keys = new Map<string, KeyEntry>()

  // These three are a part of every miss, and an async function takes a kilobyte more than a promise.

  start(record: StoredTask, { now, refresh }: { now: number; refresh: boolean }): Promise<StoredTask> {
    const entry = this.#keys.get(record.key)
    const standing = entry && standingOf(entry, refresh ? Number.POSITIVE_INFINITY : now)
    if (standing) return Promise.resolve(standing)
    this.#records.set(record.ref, record)
    if (entry) entry.newest = record
    else this.#keys.set(record.key, { newest: record, complete: undefined })
    return Promise.resolve(record)
  }

  update(ref: Ref, term: number, patch: TaskPatch & Partial<StoredTask>): Promise<boolean> {
    const record = this.#live(ref, term)
    if (record) Object.assign(record, patch)
    return Promise.resolve(record !== undefined)
  }

  settle(ref: Ref, term: number, settlement: Settlement): Promise<boolean> {
    const record = this.#live(ref, term)
    if (record) applySettlement(record, settlement)
    const entry = record?.status === 'complete' ? this.#keys.get(record.key) : undefined
    if (entry) entry.complete = record
    return Promise.resolve(record !== undefined)
  }

  revoke(ref: Ref, term: number, settlement: Settlement): Promise<boolean> {
    return this.settle(ref, term, settlement)
  }

  /** No lease runs out here: nobody holds what was left. */
  async interrupt(ref: Ref, term: number, settlement: Settlement): Promise<boolean> {
    return this.#live(ref, term)?.held === false && this.settle(ref, term, settlement)
  }

  async leave(ref: Ref, term: number): Promise<boolean> {
    return this.update(ref, term, { ...left })
  }

  async ask(ref: Ref, term: number, { questions, input }: Asked): Promise<boolean> {
    return this.update(ref, term, { ...left, questions, input })
  }

  async answer(ref: Ref, from: Questions, to: Questions): Promise<boolean> {
    const record = this.#records.get(ref)
    if (!record || !isLive(record) || JSON.stringify(record.questions) !== JSON.stringify(from)) return false
    record.questions = to
    return true
  }

  async unheld(): Promise<StoredTask[]> {
    return [...this.#records.values()].filter((record) => isLive(record) && isFree(record))
  }

  async takeOver(ref: Ref, term: number, owner: string): Promise<StoredTask | undefined> {
    const record = this.#live(ref, term)
    if (!record || !isFree(record)) return undefined
    return Object.assign(record, { owner, held: true, term: term + 1, status: 'pending' })
  }

  async revoked(): Promise<Ref[]> {
    return []
  }

  async get(ref: Ref): Promise<StoredTask | undefined> {
    return this.#records.get(ref)
  }

  async latest(key: string): Promise<StoredTask | undefined> {
    return this.#keys.get(key)?.complete
  }

  async list({ scope, status, name, limit, after }: ListFilter): Promise<StoredTask[]> {
    return [...this.#records.values()]
      .filter((record) => record.scope === scope)
      .filter((record) => status === undefined || record.status === status)
      .filter((record) => name === undefined || record.name === name)
      .filter((record) => after === undefined || newestFirst(after, record) < 0)
      .sort(newestFirst)
      .slice(0, limit)
  }

  async remove(ref: Ref): Promise<boolean> {
    const record = this.#records.get(ref)
    if (!record || isLive(record)) return false
    this.#drop(record)
    return true
  }

  async renew(): Promise<void> {}

  async release(): Promise<void> {}

  async sweep({ now, maxEntries, settledBefore = 0 }: SweepLimits): Promise<{ ref: Ref; term: number }[]> {
    const removed: { ref: Ref; term: number }[] = []
    // Records expire about in the order they were made, so a few that have not mean that few further on have.
    const lookPast = settledBefore === 0 ? LOOK_PAST : Number.POSITIVE_INFINITY
    let kept = 0
    let excess = this.#records.size - maxEntries
    for (const record of this.#records.values()) {
      if (removed.length === SWEEP_AT_ONCE || kept === lookPast) break
      const { ref, term, settledAt = 0, expiresAt } = record
      if (isLive(record) || (excess <= 0 && expiresAt > now && settledAt >= settledBefore)) {
        if (excess <= 0) kept++
        continue
      }
      excess--
      this.#drop(record)
      removed.push({ ref, term })
    }
    return removed
  }

  #live(ref: Ref, term: number): StoredTask | undefined {
    const record = this.#records.get(ref)
    return record?.term === term && record.settledAt === undefined ? record : undefined
  }

  #drop(record: TaskRecord): void {
    this.#records.delete(record.ref)
    const entry = this.#keys.get(record.key)
    if (entry?.complete === record) entry.complete = undefined
    if (entry?.newest !== record) return
    if (entry.complete) entry.newest = entry.complete
    else this.#keys.delete(record.key)
  }
}

const left = { owner: '', held: false, status: 'pending' } as const

/** Whether any process may take it over; the order of several does not matter to one process. */
function isFree({ held, questions }: StoredTask): boolean {
  return !held && !isAsking(questions)
}

/** The newest task of a key, and the newest complete one. */
interface KeyEntry {
  newest: StoredTask
  complete: StoredTask | undefined
}

function standingOf({ newest, complete }: KeyEntry, now: number): StoredTask | undefined {
  if (isLive(newest) || newest.freshUntil > now) return newest
  // One that failed does not stand in the way of an older value that is still fresh.
  return complete && complete.freshUntil > now ? complete : undefined
}

/** What the settlement does not tell stays as it is known. */
export function applySettlement(record: TaskRecord, settlement: Settlement): void {
  // Property by property: Object.assign takes several times as long, and this is a part of every miss.
  record.status = settlement.status
  record.startedAt = settlement.startedAt ?? record.startedAt
  record.settledAt = settlement.settledAt
  record.freshUntil = settlement.freshUntil
  record.expiresAt = settlement.expiresAt
  record.progress = settlement.progress ?? record.progress
  record.error = settlement.error
  record.attempts = settlement.attempts
  record.retryable = settlement.retryable
  record.input = settlement.input ?? record.input
}

type Place = Pick<TaskRecord, 'createdAt' | 'ref'>

function newestFirst(one: Place, other: Place): number {
  return other.createdAt - one.createdAt || (one.ref < other.ref ? -1 : Number(one.ref > other.ref))
}
