import { newRef } from '../core/words/ref.js'
import { RECORD_FORMAT, type Settlement, type StoredTask } from '../core/words/task-store.js'

/** A live record for the contract of task stores. */
export function storedTask(changes: Partial<StoredTask> = {}): StoredTask {
  return {
    format: RECORD_FORMAT,
    ref: newRef(),
    key: newRef(),
    scope: '',
    app: 'app',
    name: 'function',
    version: '1',
    instance: '',
    title: 'a title',
    metadata: undefined,
    createdAt: Date.now(),
    input: '["text"]',
    status: 'pending',
    term: 1,
    owner: 'owner',
    interruptions: 0,
    place: undefined,
    resume: true,
    priority: 0,
    startedAt: undefined,
    settledAt: undefined,
    freshUntil: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
    progress: undefined,
    error: undefined,
    attempts: undefined,
    retryable: undefined,
    questions: undefined,
    held: true,
    ...changes,
  }
}

/** The settlement of a task that is complete, fresh and redeemable for a minute. */
export function settlement(changes: Partial<Settlement> = {}): Settlement {
  const settledAt = Date.now()
  return {
    status: 'complete',
    settledAt,
    freshUntil: settledAt + 60_000,
    expiresAt: settledAt + 60_000,
    startedAt: undefined,
    progress: undefined,
    error: undefined,
    attempts: undefined,
    retryable: undefined,
    input: undefined,
    ...changes,
  }
}

/** Options of a start that joins what is live or fresh. */
export function joining(): { now: number; refresh: boolean } {
  return { now: Date.now(), refresh: false }
}
