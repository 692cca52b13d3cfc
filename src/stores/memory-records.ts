import type { Hit } from '../core/words/hits.js'
import { isAsking } from '../core/words/questions.js'
import { isLive, type StoredTask, type TaskRecord } from '../core/words/task-store.js'

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

type Place = Pick<TaskRecord, 'createdAt' | 'ref'>

export function newestFirst(one: Place, other: Place): number {
  return other.createdAt - one.createdAt || (one.ref < other.ref ? -1 : Number(one.ref > other.ref))
}

/** What makes a task one that any process may take over. */
export const left = { owner: '', held: false, status: 'pending' } as const

/** Whether any process may take it over; the order of several does not matter to one process. */
export function isFree({ held, questions }: StoredTask): boolean {
  return !held && !isAsking(questions)
}
