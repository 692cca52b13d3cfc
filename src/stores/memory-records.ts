import type { Hit } from '../core/words/hits.js'
import { isLive, type Settlement, type StoredTask, type TaskRecord } from '../core/words/task-store.js'

/** The newest task of a key, and the newest complete one; and a fresh answer, as calls get it. */
export interface KeyEntry {
  newest: StoredTask
  complete: StoredTask | undefined
  hit: Hit | undefined
}

export function standingOf({ newest, complete }: KeyEntry, now: number): StoredTask | undefined {
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

export function newestFirst(one: Place, other: Place): number {
  return other.createdAt - one.createdAt || (one.ref < other.ref ? -1 : Number(one.ref > other.ref))
}
