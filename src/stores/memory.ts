import type { Ref } from '../core/ref.js'
import { isLive, type StoredTask, type TaskRecord, type TaskStore } from '../core/task-store.js'

/** Task records of this process alone. */
export function memoryTaskStore(): TaskStore {
  const records = new Map<Ref, TaskRecord>()
  /** The newest task of each key. */
  const byKey = new Map<string, Ref>()

  const live = (ref: Ref, run: number): TaskRecord | undefined => {
    const record = records.get(ref)
    return record && record.run === run && isLive(record) ? record : undefined
  }
  const change = (ref: Ref, run: number, changes: Partial<TaskRecord>): Promise<boolean> => {
    const record = live(ref, run)
    if (record) Object.assign(record, changes)
    return Promise.resolve(record !== undefined)
  }

  return {
    shared: false,
    start: (record, { now, refresh }) => {
      const standing = records.get(byKey.get(record.key) ?? '')
      if (standing && (isLive(standing) || (!refresh && (standing.freshUntil ?? 0) > now)))
        return Promise.resolve(held(standing))
      records.set(record.ref, record)
      byKey.set(record.key, record.ref)
      return Promise.resolve(held(record))
    },
    update: change,
    settle: change,
    interrupt: () => Promise.resolve(false),
    get: (ref) => {
      const record = records.get(ref)
      return Promise.resolve(record && held(record))
    },
    renew: () => Promise.resolve(),
    release: () => Promise.resolve(),
    sweep: ({ now, maxEntries }) => Promise.resolve(sweep(records, byKey, now, maxEntries)),
    close: () => Promise.resolve(),
  }
}

function held(record: TaskRecord): StoredTask {
  return { ...record, held: true }
}

function sweep(
  records: Map<Ref, TaskRecord>,
  byKey: Map<string, Ref>,
  now: number,
  maxEntries: number,
): { ref: Ref; run: number }[] {
  const removed: { ref: Ref; run: number }[] = []
  let excess = records.size - maxEntries
  // A Map keeps the order of insertion: the oldest come first.
  for (const record of records.values()) {
    if (removed.length === 1_000) break
    if (isLive(record) || !(excess > 0 || (record.expiresAt ?? 0) <= now)) continue
    excess--
    records.delete(record.ref)
    if (byKey.get(record.key) === record.ref) byKey.delete(record.key)
    removed.push({ ref: record.ref, run: record.run })
  }
  return removed
}
