import { EventEmitter } from 'node:events'
import { Keyv, type StoredData } from 'keyv'
import type { Awaitable } from '../core/words/awaitable.js'
import type { Hit, Hits } from '../core/words/hits.js'
import type { Questions } from '../core/words/questions.js'
import type { Ref } from '../core/words/ref.js'
import {
  type Asked,
  forgottenKey,
  isLive,
  type ListFilter,
  type Settlement,
  type StoredTask,
  type SweepLimits,
  shownStatus,
  type TaskPatch,
  type TaskRecord,
  type TaskStore,
} from '../core/words/task-store.js'
import { NAMESPACE } from './kept-values.js'
import { isFree, type KeyEntry, left, newestFirst, standingOf } from './memory-records.js'

/** How many records one sweep removes at most, so that it never holds up the event loop. */
const SWEEP_AT_ONCE = 1_000

/** How many records that stay a sweep looks past, so that it does not have to look at all of them. */
const LOOK_PAST = 100

/** Task records of this process alone. What it is given it keeps, and what it gives is what it keeps: no copies. */
export function memoryTaskStore(): TaskStore {
  return new MemoryTaskStore(false)
}

/** The same with the values, each kept in its record, where the Keyv finds it. */
export function memoryStores(): { tasks: TaskStore; values: Keyv; hits: Hits } {
  const tasks = new MemoryTaskStore(true)
  const get = (key: string) => tasks.valueOf(key)
  // A value is written by `settle`, and goes with its record.
  const nothing = () => undefined
  const store = { get, set: nothing, delete: nothing, deleteMany: nothing, clear: nothing }
  const values = new Keyv({ store: Object.assign(new EventEmitter(), store), namespace: NAMESPACE })
  return { tasks, values, hits: tasks }
}

/** A record, and the text of its value. */
interface KeptTask extends StoredTask {
  text?: string
}

/** The same, for stores that add to it. */
export class MemoryTaskStore implements TaskStore, Hits {
  readonly shared = false
  readonly keepsValues: boolean
  readonly #live = new Map<Ref, KeptTask>()
  /** In the order in which they settled, as a Map keeps it: a sweep finds the oldest first, however many tasks there are. */
  readonly #settled = new Map<Ref, KeptTask>()
  readonly #keys = new Map<string, KeyEntry>()

  constructor(keepsValues: boolean) {
    this.keepsValues = keepsValues
  }

  start(record: StoredTask, { now, refresh }: { now: number; refresh: boolean }): Awaitable<StoredTask> {
    const entry = this.#keys.get(record.key)
    const standing = entry && standingOf(entry, refresh ? Number.POSITIVE_INFINITY : now)
    if (standing) return standing
    this.#live.set(record.ref, record)
    if (entry) entry.newest = record
    else this.#keys.set(record.key, { newest: record, complete: undefined, hit: undefined })
    return record
  }

  update(ref: Ref, term: number, patch: TaskPatch & Partial<StoredTask>): boolean {
    const record = this.#held(ref, term)
    if (record) Object.assign(record, patch)
    return record !== undefined
  }

  settle(ref: Ref, term: number, settlement: Settlement, text?: string): Awaitable<boolean> {
    const record = this.#held(ref, term)
    if (!record) return false
    applySettlement(record, settlement)
    this.#live.delete(ref)
    this.#settled.set(ref, record)
    if (this.keepsValues && text !== undefined) record.text = text
    const entry = record.status === 'complete' ? this.#keys.get(record.key) : undefined
    if (entry) entry.complete = record
    return true
  }

  async revoke(ref: Ref, term: number, settlement: Settlement): Promise<boolean> {
    return this.settle(ref, term, settlement)
  }

  /** No lease runs out here: nobody holds what was left. */
  async interrupt(ref: Ref, term: number, settlement: Settlement): Promise<boolean> {
    return this.#held(ref, term)?.held === false && this.settle(ref, term, settlement)
  }

  async leave(ref: Ref, term: number): Promise<boolean> {
    return this.update(ref, term, { ...left })
  }

  async ask(ref: Ref, term: number, { questions, input }: Asked): Promise<boolean> {
    return this.update(ref, term, { ...left, questions, input })
  }

  async answer(ref: Ref, from: Questions, to: Questions): Promise<boolean> {
    const record = this.#live.get(ref)
    if (!record || JSON.stringify(record.questions) !== JSON.stringify(from)) return false
    record.questions = to
    return true
  }

  async unheld(): Promise<StoredTask[]> {
    return [...this.#live.values()].filter(isFree)
  }

  async takeOver(ref: Ref, term: number, owner: string): Promise<StoredTask | undefined> {
    const record = this.#held(ref, term)
    if (!record || !isFree(record)) return undefined
    return Object.assign(record, { owner, held: true, term: term + 1, status: 'pending' })
  }

  async revoked(): Promise<Ref[]> {
    return []
  }

  async get(ref: Ref): Promise<StoredTask | undefined> {
    return this.#live.get(ref) ?? this.#settled.get(ref)
  }

  async latest(key: string): Promise<StoredTask | undefined> {
    return this.#keys.get(key)?.complete
  }

  async standing(key: string, now: number): Promise<StoredTask | undefined> {
    const entry = this.#keys.get(key)
    return entry && standingOf(entry, now)
  }

  async forget(key: string): Promise<{ ref: Ref; term: number }[]> {
    const entry = this.#keys.get(key)
    if (!entry) return []
    this.#keys.delete(key)
    const { newest, complete } = entry
    if (isLive(newest)) newest.key = forgottenKey(newest.ref)
    const answering = complete && complete !== newest ? [newest, complete] : [newest]
    const removed = answering.filter((task) => !isLive(task) && task.freshUntil > 0)
    for (const { ref } of removed) this.#settled.delete(ref)
    return removed.map(({ ref, term }) => ({ ref, term }))
  }

  async list({ scope, status, name, limit, after }: ListFilter): Promise<StoredTask[]> {
    return [...this.#live.values(), ...this.#settled.values()]
      .filter((record) => record.scope === scope)
      .filter((record) => status === undefined || shownStatus(record) === status)
      .filter((record) => name === undefined || record.name === name)
      .filter((record) => after === undefined || newestFirst(after, record) < 0)
      .sort(newestFirst)
      .slice(0, limit)
  }

  async remove(ref: Ref): Promise<boolean> {
    const record = this.#settled.get(ref)
    if (!record) return false
    this.#drop(record)
    return true
  }

  async renew(): Promise<void> {}

  async release(): Promise<void> {}

  async sweep({ now, maxEntries, settledBefore = 0 }: SweepLimits): Promise<{ ref: Ref; term: number }[]> {
    const removed: { ref: Ref; term: number }[] = []
    let kept = 0
    let excess = this.#settled.size - maxEntries
    for (const record of this.#settled.values()) {
      // Records expire about in the order in which they settled, so a few that have not mean that few further on have.
      if (removed.length === SWEEP_AT_ONCE || kept === LOOK_PAST) break
      const { settledAt = 0, expiresAt } = record
      if (excess <= 0 && expiresAt > now && settledAt >= settledBefore) {
        kept++
        continue
      }
      excess--
      this.#drop(record)
      removed.push({ ref: record.ref, term: record.term })
    }
    return removed
  }

  /** A value as Keyv keeps it, by its key. */
  valueOf(key: string): StoredData<string> {
    const [, , ref = '', term = '1'] = key.split(':')
    const record = this.#settled.get(ref)
    if (record?.term !== Number(term) || record.text === undefined) return undefined
    return { value: record.text, expires: record.expiresAt }
  }

  hit(key: string): Hit | undefined {
    return this.#keys.get(key)?.hit
  }

  remember(key: string, hit: Hit): void {
    const entry = this.#keys.get(key)
    if (entry) entry.hit = hit
  }

  forgetKey(key: string): void {
    const entry = this.#keys.get(key)
    if (entry) entry.hit = undefined
  }

  /** A hit goes with its record. */
  forgetTasks(): void {}

  #held(ref: Ref, term: number): KeptTask | undefined {
    const record = this.#live.get(ref)
    return record?.term === term ? record : undefined
  }

  #drop(record: TaskRecord): void {
    this.#settled.delete(record.ref)
    const entry = this.#keys.get(record.key)
    if (entry?.hit?.answer.ref === record.ref) entry.hit = undefined
    if (entry?.complete === record) entry.complete = undefined
    if (entry?.newest !== record) return
    if (entry.complete) entry.newest = entry.complete
    else this.#keys.delete(record.key)
  }
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
