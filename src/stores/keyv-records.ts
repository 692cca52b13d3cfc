import type { Keyv } from 'keyv'
import { digest } from '../core/values/key.js'
import { refuseFalse } from '../core/values/value-store.js'
import { END_OF_TIME } from '../core/words/duration.js'
import type { Ref } from '../core/words/ref.js'
import {
  isLive,
  RECORD_FORMAT,
  type Settlement,
  type StoredTask,
  type SweepLimits,
  type TaskStore,
} from '../core/words/task-store.js'
import { applySettlement, MemoryTaskStore } from './memory.js'

/** Task records of this process alone; those of settled tasks are also in the Keyv that holds their values, where a later process finds them. */
export function keyvTaskStore(keyv: Keyv): TaskStore {
  return new KeyvTaskStore(keyv)
}

/**
 * A Keyv has no atomic operations, so live tasks are in memory only. In it are, both for as long as the value:
 * - `task:<ref>`: the record
 * - `key:<digest of the key>`: the ref of the newest value. It may outlive that record, and then leads nowhere.
 */
class KeyvTaskStore extends MemoryTaskStore {
  readonly #keyv: Keyv
  /** Settled records of memory that the Keyv has taken. */
  readonly #kept = new WeakSet<StoredTask>()

  /** What is on its way into the Keyv, by its key. */
  readonly #settling = new Map<string, Promise<boolean>>()

  constructor(keyv: Keyv) {
    super(false)
    this.#keyv = keyv
  }

  override async start(record: StoredTask, options: { now: number; refresh: boolean }): Promise<StoredTask> {
    const { now, refresh } = options
    const own = await super.latest(record.key)
    const isKnown = refresh || (own !== undefined && own.freshUntil > now)
    const kept = isKnown ? undefined : await this.#keptOf(record.key)
    if (kept && kept.freshUntil > now) return kept
    const standing = await super.start(record, options)
    return (await this.#isRemoved(standing)) ? super.start(record, options) : standing
  }

  override async settle(ref: Ref, term: number, settlement: Settlement): Promise<boolean> {
    const record = await super.get(ref)
    if (record?.term !== term || !isLive(record)) return false
    const { key } = record
    const settling = this.#settle(record, settlement)
    this.#settling.set(key, settling)
    try {
      return await settling
    } finally {
      if (this.#settling.get(key) === settling) this.#settling.delete(key)
    }
  }

  override async get(ref: Ref): Promise<StoredTask | undefined> {
    const own = await super.get(ref)
    if (!own) return this.#read(ref)
    return (await this.#isRemoved(own)) ? undefined : own
  }

  override async standing(key: string, now: number): Promise<StoredTask | undefined> {
    const own = await super.standing(key, now)
    if (own && !(await this.#isRemoved(own))) return own
    const kept = await this.#keptOf(key)
    return kept && kept.freshUntil > now ? kept : undefined
  }

  override async forget(key: string): Promise<{ ref: Ref; term: number }[]> {
    const settling = this.#settling.get(key)
    const removed = await super.forget(key)
    // It may have put its value under the key, and takes that back.
    await settling?.catch(() => {})
    const kept = await this.#keptOf(key)
    if (kept && !removed.some(({ ref }) => ref === kept.ref)) removed.push({ ref: kept.ref, term: kept.term })
    if (removed.length > 0)
      await this.#keyv.delete([`key:${digest(key)}`, ...removed.map(({ ref }) => `task:${ref}`)])
    return removed
  }

  override async latest(key: string): Promise<StoredTask | undefined> {
    const own = await super.latest(key)
    const kept = await this.#keptOf(key)
    return kept && (kept.settledAt ?? 0) > (own?.settledAt ?? 0) ? kept : own
  }

  override async remove(ref: Ref): Promise<boolean> {
    const wasHere = await super.remove(ref)
    const isLive = (await super.get(ref)) !== undefined
    if (isLive) return false
    return (await this.#keyv.delete(`task:${ref}`)) || wasHere
  }

  override async sweep(limits: SweepLimits): Promise<{ ref: Ref; term: number }[]> {
    const removed = await super.sweep({ ...limits, maxEntries: Number.POSITIVE_INFINITY })
    if (removed.length > 0) await this.#keyv.delete(removed.map(({ ref }) => `task:${ref}`))
    // What is too much for memory stays in the Keyv.
    await super.sweep({ now: 0, maxEntries: limits.maxEntries })
    return removed
  }

  /** In the Keyv first: where that fails, the task is live still, and is settled by another try. */
  async #settle(record: StoredTask, settlement: Settlement): Promise<boolean> {
    const { ref, term, key } = record
    const settled = { ...record }
    applySettlement(settled, settlement)
    await this.#keep(settled)
    const isFirst = await super.settle(ref, term, settlement)
    this.#kept.add(record)
    // A forget was in between: no call may find it.
    const isForgotten = record.key !== key
    if (isForgotten && (await this.#keyv.get(`key:${digest(key)}`)) === ref)
      await this.#keyv.delete(`key:${digest(key)}`)
    // Or somebody else's end.
    if (!isFirst || isForgotten) await this.#keep(record)
    return isFirst
  }

  /** Of a task without a value only this tells that somebody else has removed it. Memory then forgets it, too. */
  async #isRemoved(record: StoredTask): Promise<boolean> {
    if (record.status === 'complete' || !this.#kept.has(record) || (await this.#read(record.ref)))
      return false
    return super.remove(record.ref)
  }

  async #keep(record: StoredTask): Promise<void> {
    const { ref, key, status, freshUntil, expiresAt } = record
    const ttl = expiresAt >= END_OF_TIME ? undefined : Math.max(1, expiresAt - Date.now())
    refuseFalse(await this.#keyv.set(`task:${ref}`, JSON.stringify(record), ttl))
    if (status !== 'complete') return
    if (freshUntil > 0) refuseFalse(await this.#keyv.set(`key:${digest(key)}`, ref, ttl))
    // Or an older value would answer again.
    else await this.#keyv.delete(`key:${digest(key)}`)
  }

  async #keptOf(key: string): Promise<StoredTask | undefined> {
    const ref = await this.#keyv.get<unknown>(`key:${digest(key)}`)
    return typeof ref === 'string' ? this.#read(ref) : undefined
  }

  async #read(ref: string): Promise<StoredTask | undefined> {
    const text = await this.#keyv.get<unknown>(`task:${ref}`)
    if (typeof text !== 'string') return undefined
    const record = JSON.parse(text) as StoredTask
    return record.format <= RECORD_FORMAT ? { ...record, held: false } : undefined
  }
}
