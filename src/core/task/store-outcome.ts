import { storableInput } from '../values/storable-input.js'
import type { Awaitable } from '../words/awaitable.js'
import { END_OF_TIME } from '../words/duration.js'
import { cancelled, describeError, reviveError } from '../words/errors.js'
import type { Hit } from '../words/hits.js'
import type { Settlement, StoredTask } from '../words/task-store.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'
import type { Outcome } from './outcome.js'
import { recordInOrder } from './record.js'

/** What became of an outcome: the store has it, or another end; another process has the task; or nobody needs it. */
export type Ending = 'store' | Outcome | 'lose' | 'give-up'

/** Writes how a task has ended, once. */
export function storeOutcome(engine: Engine, task: LiveTask, outcome: Outcome): Awaitable<Ending> {
  if (task.record !== 'ours') return recordFirst(engine, task, outcome)
  const { settlement, text } = settlementOf(engine, task, outcome)
  const { keepsValues } = engine.tasks
  if (text !== undefined && !keepsValues) return valueFirst(engine, task, outcome, settlement, text)
  const isSettled = settleRecord(engine, task, settlement, text)
  if (!(isSettled instanceof Promise)) return endingOf(engine, task, outcome, settlement, isSettled)
  return isSettled.then((isOurs) => endingOf(engine, task, outcome, settlement, isOurs))
}

/** Its key is another task's, if the store was away when this one began: then nobody has this ref. */
async function recordFirst(engine: Engine, task: LiveTask, outcome: Outcome): Promise<Ending> {
  return (await recordInOrder(engine, task, true)) ? storeOutcome(engine, task, outcome) : 'give-up'
}

/** A record that says complete must have its value, where that does not go along. */
async function valueFirst(
  engine: Engine,
  task: LiveTask,
  outcome: Outcome,
  settlement: Settlement,
  text: string,
): Promise<Ending> {
  await task.inOrder(() => engine.values.set(task.ref, task.term, text, settlement.expiresAt))
  return endingOf(engine, task, outcome, settlement, await settleRecord(engine, task, settlement, text))
}

function settleRecord(
  { tasks }: Engine,
  task: LiveTask,
  settlement: Settlement,
  text: string | undefined,
): Awaitable<boolean> {
  return task.inOrder(() => tasks.settle(task.ref, task.term, settlement, text))
}

function endingOf(
  engine: Engine,
  task: LiveTask,
  outcome: Outcome,
  settlement: Settlement,
  isSettled: boolean,
): Awaitable<Ending> {
  // The store was lost meanwhile, and what is there now does not know the task.
  if (task.record !== 'ours') return storeOutcome(engine, task, outcome)
  if (!isSettled) return endElsewhere(engine, task, settlement)
  if (settlement.status === outcome.status && !task.forgotten)
    remember(engine, task, outcome, settlement.freshUntil)
  return 'store'
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

/** A settle that was refused: either an earlier try of ours landed after its deadline, or somebody else was first. */
async function endElsewhere(engine: Engine, task: LiveTask, settlement: Settlement): Promise<Ending> {
  const standing = await engine.tasks.get(task.ref)
  if (standing && isOwnEnd(standing, task, settlement)) return 'store'
  await engine.values.remove([task])
  if (standing && standing.term !== task.term) return 'lose'
  return (standing && endOf(standing)) ?? 'store'
}

/** A value that landed although its answer was lost is better than the end without it, which came after. */
function isOwnEnd({ status, term, settledAt }: StoredTask, task: LiveTask, settlement: Settlement): boolean {
  const isSame = status === settlement.status || status === 'complete'
  return isSame && term === task.term && settledAt === settlement.settledAt
}

/** How the task is settled, and the text of its value when it has one. */
export function settlementOf(
  engine: Engine,
  task: LiveTask,
  outcome: Outcome,
): { settlement: Settlement; text: string | undefined } {
  const { startedAt, progress, origin } = task
  const { errorTtl, grace } = origin.spec
  const { settledAt } = outcome
  let { status } = outcome
  let age =
    outcome.status === 'complete' ? task.ttl : outcome.status === 'failed' && !outcome.isLost ? errorTtl : 0
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
function remember({ memoryTtl, hits }: Engine, task: LiveTask, outcome: Outcome, freshUntil: number): void {
  const until = Math.min(freshUntil, outcome.settledAt + memoryTtl)
  if (until <= outcome.settledAt) {
    // What it would be answered by is older than this value, which the store has as the newest.
    if (outcome.status === 'complete') hits.forgetKey(task.origin.keyText)
    return
  }
  const answer = hitOf(task, outcome)
  if (answer) hits.remember(task.origin.keyText, { answer, until })
}

function hitOf(task: LiveTask, outcome: Outcome): Hit['answer'] | undefined {
  if (outcome.status === 'complete') return task.completeAnswer(outcome)
  if (outcome.status !== 'failed') return undefined
  const { ref, name, title } = task
  return { status: 'failed', ref, name, title, thrown: outcome.thrown }
}
