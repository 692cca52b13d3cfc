import { interrupted } from '../words/errors.js'
import type { Settlement } from '../words/task-store.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'
import type { Outcome } from './outcome.js'
import { storeAgain } from './store-again.js'
import { type Ending, storeOutcome } from './store-outcome.js'
import { ttlBy } from './ttl.js'

/** A sweep is a query of its own; one in so many settled tasks keeps it below a hundredth of the work. */
const SWEEP_EVERY = 256

/**
 * Gives a task its outcome, unless it has ended: the first end counts. Callers wait for the first try to store it only: a store that fails never
 * costs them a value. Until it is stored, or given up, the task stays in memory, and answers from there.
 */
export function settle(engine: Engine, task: LiveTask, outcome: Outcome): void {
  if (!task.end('settle', outcome)) return
  if (outcome.status === 'complete') {
    const { ttl } = task.origin.spec
    task.ttl = typeof ttl === 'number' ? ttl : ttlBy(engine, task, ttl, outcome.value)
  }
  // A key whose work has failed or was cancelled is free at once.
  if (outcome.status !== 'complete') engine.registry.freeKey(task)
  emitEnd(engine, task, outcome)
  task.changed()
  const ending = storeOutcome(engine, task, outcome)
  if (!(ending instanceof Promise)) {
    finish(engine, task, ending)
    return
  }
  const end = (ended: Ending) => finish(engine, task, ended)
  ending.then(end, (error: Error) => storeAgain(engine, task, error).then(end))
}

export function emitEnd({ events }: Pick<Engine, 'events'>, task: LiveTask, outcome: Outcome): void {
  if (outcome.status === 'complete') {
    if (events.hears('complete')) events.emit('complete', task.facts())
  } else if (outcome.status === 'cancelled') events.emit('cancel', task.facts())
  else if (events.hears('fail')) events.emit('fail', { ...task.facts(), error: outcome.info })
}

/** How a task is settled by somebody else than the process that ran it: what that knew of it is lost. */
export function settlementByOthers(
  { retention }: Engine,
  status: 'failed' | 'cancelled',
  failure?: Pick<Settlement, 'error' | 'attempts' | 'retryable'>,
): Settlement {
  const settledAt = Date.now()
  return {
    status,
    settledAt,
    freshUntil: settledAt,
    expiresAt: settledAt + retention,
    startedAt: undefined,
    progress: undefined,
    input: undefined,
    error: failure?.error,
    attempts: failure?.attempts,
    retryable: failure?.retryable,
  }
}

/** How a task is settled whose process ended or closed before the work did. */
export function interruption(engine: Engine, message: string = interrupted().message): Settlement {
  const error = { name: 'RaincheckError', code: 'INTERRUPTED', message }
  return settlementByOthers(engine, 'failed', { error, attempts: [], retryable: true })
}

function finish(engine: Engine, task: LiveTask, ending: Ending): void {
  if (typeof ending === 'object') task.end('store', ending)
  else task.to(ending)
  engine.registry.remove(task)
  task.changed()
  if (++engine.settled % SWEEP_EVERY === 0) void engine.sweep()
}
