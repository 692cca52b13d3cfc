import { interrupted } from '../words/errors.js'
import type { Settlement } from '../words/task-store.js'
import type { Core } from './engine.js'
import { settlementByOthers } from './settlement.js'

/** How a task is settled whose process ended or closed before the work did. */
export function interruption(core: Core, reason: string = interrupted().message): Settlement {
  return settlementByOthers(core, 'failed', {
    error: { name: 'RaincheckError', code: 'INTERRUPTED', message: reason },
    attempts: [],
    retryable: true,
  })
}
