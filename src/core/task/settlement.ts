import type { Settlement } from '../words/task-store.js'
import type { Core } from './engine.js'

/** How a task is settled by somebody else than the process that ran it: what that knew of it is lost. */
export function settlementByOthers(
  core: Core,
  status: 'failed' | 'cancelled',
  failure?: Pick<Settlement, 'error' | 'attempts' | 'retryable'>,
): Settlement {
  const settledAt = Date.now()
  return {
    status,
    settledAt,
    freshUntil: settledAt,
    expiresAt: settledAt + core.retention,
    startedAt: undefined,
    progress: undefined,
    input: undefined,
    error: failure?.error,
    attempts: failure?.attempts,
    retryable: failure?.retryable,
  }
}
