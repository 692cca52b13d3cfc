import { storableInput } from '../values/storable-input.js'
import { type Awaitable, whenDone } from '../words/awaitable.js'
import { END_OF_TIME } from '../words/duration.js'
import { cancelled, describeError, interrupted, reviveError } from '../words/errors.js'
import type { Settlement, StoredTask } from '../words/task-store.js'
import { repeatUntilClosed } from '../words/timers.js'
import type { Engine } from './engine.js'
import type { LiveTask, Outcome } from './live-task.js'
import { recordInOrder } from './record.js'
import { ttlBy } from './ttl.js'

/** The wait before an outcome is stored again grows from the one to the other, in milliseconds. */
const STORE_AGAIN = { first: 250, longest: 30_000 }

/** A sweep is a query of its own; one in so many settled tasks keeps it below a hundredth of the work. */
const SWEEP_EVERY = 256

/**
 * Gives a task its outcome, unless it has ended: the first end counts. Callers wait for the first try to store it only: a store that fails never
 * costs them a value. Until it is stored the task stays in memory, and answers from there: to give up would leave a record that
 * stays live for as long as this process does.
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
  const ending = store(engine, task, outcome)
  if (!(ending instanceof Promise)) finish(engine, task, ending)
  else
    ending.then(
      (ended) => finish(engine, task, ended),
      (error: Error) => void storeAgain(engine, task, outcome, error),
    )
}

export function emitEnd({ events }: Pick<Engine, 'events'>, task: LiveTask, outcome: Outcome): void {
  if (outcome.status === 'complete') {
    if (events.hears('complete')) events.emit('complete', task.facts())
  } else if (outcome.status === 'cancelled') events.emit('cancel', task.facts())
  else events.emit('fail', { ...task.facts(), error: outcome.info })
}

/** The end that a record has which this process did not write; undefined where it has none, or its value is elsewhere. */
export function endOf({
  ref,
  status,
  error,
  retryable = false,
  settledAt = 0,
}: StoredTask): Outcome | undefined {
  if (status === 'cancelled') return { status, reason: cancelled(ref), settledAt }
  if (status !== 'failed' || !error) return undefined
  return { status, thrown: reviveError(error), info: error, retryable, settledAt }
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

/** What became of an outcome: the store has it, or another end; another process has the task; or nobody needs it. */
type Ending = 'store' | Outcome | 'lose' | 'give-up'

function store(engine: Engine, task: LiveTask, outcome: Outcome): Awaitable<Ending> {
  if (task.record === 'ours') return storeRecorded(engine, task, outcome)
  // Its key is another task's, if the store was away when this one began: then nobody has this ref.
  return whenDone(recordInOrder(engine, task, true), (isOurs) =>
    isOurs ? storeRecorded(engine, task, outcome) : 'give-up',
  )
}

function storeRecorded(engine: Engine, task: LiveTask, outcome: Outcome): Awaitable<Ending> {
  const { tasks, values } = engine
  const { ref, term } = task
  const { settlement, text } = settlementOf(engine, task, outcome)
  const settleRecord = () =>
    whenDone(
      task.inOrder(() => tasks.settle(ref, term, settlement, text)),
      (isSettled) => {
        if (!isSettled) return endElsewhere(engine, task, settlement)
        if (outcome.status === 'complete' && settlement.freshUntil > outcome.settledAt && !task.forgotten)
          remember(engine, task, outcome, settlement.freshUntil)
        return 'store'
      },
    )
  if (text === undefined || tasks.keepsValues) return settleRecord()
  // Where it does not go along it goes first: a record that says complete must have its value.
  return whenDone(
    task.inOrder(() => values.set(ref, term, text, settlement.expiresAt)),
    settleRecord,
  )
}

async function storeAgain(engine: Engine, task: LiveTask, outcome: Outcome, first: Error): Promise<void> {
  const fail = (error: Error) => {
    engine.events.emit('store-error', { error, ref: task.ref })
    if (task.to('fail')) task.changed()
  }
  fail(first)
  let ending: Ending = 'give-up'
  await repeatUntilClosed(engine, STORE_AGAIN, async () => {
    if (isSuperseded(engine, task)) return true
    try {
      ending = await store(engine, task, outcome)
      return true
    } catch (error) {
      fail(error as Error)
      return false
    }
  })
  finish(engine, task, ending)
}

/** While it had no record another task for its key began, whose value is newer. */
function isSuperseded({ registry }: Engine, { record, outcome, origin }: LiveTask): boolean {
  return (
    record !== 'ours' && outcome?.status === 'complete' && registry.byKey(origin.keyText)?.outcome !== outcome
  )
}

function finish(engine: Engine, task: LiveTask, ending: Ending): void {
  if (typeof ending === 'object') task.end('store', ending)
  else task.to(ending)
  engine.registry.remove(task)
  task.changed()
  if (++engine.settled % SWEEP_EVERY === 0) void engine.sweep()
}

/** A settle that was refused: either an earlier try of ours landed after its deadline, or somebody else was first. */
async function endElsewhere(engine: Engine, task: LiveTask, settlement: Settlement): Promise<Ending> {
  const standing = await engine.tasks.get(task.ref)
  if (standing?.status === settlement.status && standing.settledAt === settlement.settledAt) return 'store'
  await engine.values.remove([task])
  if (standing && standing.term !== task.term) return 'lose'
  return (standing && endOf(standing)) ?? 'store'
}

/** How the task is settled, and the text of its value when it has one. */
function settlementOf(
  engine: Engine,
  task: LiveTask,
  outcome: Outcome,
): { settlement: Settlement; text: string | undefined } {
  const { startedAt, progress, origin } = task
  const { errorTtl, grace } = origin.spec
  const { settledAt } = outcome
  let { status } = outcome
  let age = status === 'complete' ? task.ttl : status === 'failed' ? errorTtl : 0
  let failure: Failure = outcome.status === 'failed' ? failureOf(task, outcome) : {}
  let text: string | undefined
  if (outcome.status === 'complete')
    try {
      text = engine.serializer.stringify(outcome.value)
    } catch (error) {
      status = 'failed'
      age = 0
      failure = unstorable(engine, task, settledAt, error as Error)
    }
  // 0 where no call will ever be answered from it. What is not to be kept has no grace.
  const freshUntil = age === 0 ? 0 : Math.min(END_OF_TIME, settledAt + age)
  // The value is kept for as long as the key, its grace or the ref need it.
  const neededUntil = status === 'complete' && age > 0 ? freshUntil + grace : freshUntil
  const expiresAt = Math.min(END_OF_TIME, Math.max(neededUntil, settledAt + engine.retention))
  // A store of this process alone is told the input only now, and only where a retry may need it.
  const input = engine.tasks.shared || status === 'complete' ? undefined : storableInput(engine, origin.input)
  const { error, attempts, retryable } = failure
  // One literal: what is put together by spreading takes several times as long, here and in a store in memory.
  const settlement: Settlement = {
    status,
    startedAt,
    settledAt,
    freshUntil,
    expiresAt,
    progress,
    error,
    attempts,
    retryable,
    input,
  }
  return { settlement, text }
}

type Failure = Partial<Pick<Settlement, 'error' | 'attempts' | 'retryable'>>

function failureOf(
  { attempts }: LiveTask,
  { info, retryable }: Extract<Outcome, { status: 'failed' }>,
): Failure {
  return { error: info, attempts, retryable }
}

/** Those who wait in this process still get the value; a later poll learns why there is none. */
function unstorable({ events }: Engine, { ref }: LiveTask, settledAt: number, error: Error): Failure {
  events.emit('store-error', { error, ref })
  const info = describeError(error)
  return { error: info, attempts: [{ error: info, at: settledAt }], retryable: false }
}

/** A hit is served from memory for as long as it is fresh, and no longer than others may have removed it unseen. */
function remember(
  { memoryTtl, hits }: Engine,
  task: LiveTask,
  outcome: Extract<Outcome, { status: 'complete' }>,
  freshUntil: number,
): void {
  const until = Math.min(freshUntil, outcome.settledAt + memoryTtl)
  if (until > outcome.settledAt)
    hits.remember(task.origin.keyText, { answer: task.completeAnswer(outcome), until })
}
