import { storableInput } from '../values/storable-input.js'
import { END_OF_TIME } from '../words/duration.js'
import { cancelled, describeError, reviveError } from '../words/errors.js'
import type { Settlement } from '../words/task-store.js'
import { unlessClosed } from '../words/timers.js'
import type { Core } from './engine.js'
import { letGo } from './let-go.js'
import type { LiveTask, Outcome } from './live-task.js'
import { recordInOrder } from './record.js'

/** The wait before an outcome is stored again grows from the one to the other, in milliseconds. */
const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 30_000

/**
 * Stores what the work came to, and lets the task go. Callers wait for the first try only: a store that fails never
 * costs them a value. Until it is stored the task stays in memory, and answers from there: to give up would leave a
 * record that stays live for as long as this process does.
 */
export function persist(core: Core, task: LiveTask, outcome: Outcome): void {
  store(core, task, outcome).then(
    () => finish(core, task),
    (error: Error) => void persistAgain(core, task, outcome, error),
  )
}

async function persistAgain(core: Core, task: LiveTask, outcome: Outcome, first: Error): Promise<void> {
  let failed: Error | undefined = first
  for (let waitMs = FIRST_RETRY_MS; failed; waitMs = Math.min(LAST_RETRY_MS, 2 * waitMs)) {
    core.events.emit('store-error', { error: failed, ref: task.ref })
    release(task)
    if (core.closed) break
    await unlessClosed(core, waitMs)
    if (isSuperseded(core, task)) break
    failed = await store(core, task, outcome).catch((error) => error)
  }
  finish(core, task)
}

/** While it had no record another task for its key began, whose value is newer. */
function isSuperseded({ live }: Core, { recorded, outcome, origin }: LiveTask): boolean {
  return !recorded && outcome?.status === 'complete' && live.get(origin.keyText)?.outcome !== outcome
}

async function store(core: Core, task: LiveTask, outcome: Outcome): Promise<void> {
  // Its key is another task's, if the store was away when this one began: then nobody has this ref.
  if (!task.recorded && !(await recordInOrder(core, task, true))) return
  const { ref, run } = task
  const times = timesOf(core, task, outcome)
  const { settlement, text } = settle(core, task, outcome, times)
  // Where it does not go along it goes first: a record that says complete must have its value.
  if (text !== undefined && !core.tasks.keepsValues)
    await task.inOrder(() => core.values.set(ref, run, text, times.expiresAt))
  if (await task.inOrder(() => core.tasks.settle(ref, run, settlement, text))) {
    remember(core, task, outcome, times.freshUntil)
    return
  }
  await yieldTo(core, task, settlement)
}

/** How the task is settled, and the text of its value when it has one. */
function settle(
  core: Core,
  task: LiveTask,
  outcome: Outcome,
  times: Times,
): { settlement: Settlement; text?: string } {
  if (outcome.status === 'cancelled') return { settlement: settlementOf(core, task, 'cancelled', times) }
  if (outcome.status === 'failed') {
    const { info, retryable } = outcome
    const failed = { error: info, attempts: task.attempts, retryable }
    return { settlement: settlementOf(core, task, 'failed', times, failed) }
  }
  try {
    const text = core.serializer.stringify(outcome.value)
    return { settlement: settlementOf(core, task, 'complete', times), text }
  } catch (error) {
    // Those who wait in this process still get the value; a later poll learns why there is none.
    core.events.emit('store-error', { error: error as Error, ref: task.ref })
    const info = describeError(error)
    const failed = { error: info, attempts: [{ error: info, at: times.settledAt }], retryable: false }
    const stale = { ...times, freshUntil: times.settledAt }
    return { settlement: settlementOf(core, task, 'failed', stale, failed) }
  }
}

function settlementOf(
  core: Core,
  { startedAt, progress, origin }: LiveTask,
  status: Settlement['status'],
  { settledAt, freshUntil, expiresAt }: Times,
  { error, attempts, retryable }: Partial<Pick<Settlement, 'error' | 'attempts' | 'retryable'>> = {},
): Settlement {
  // A store of this process alone is told the input only now, and only where a retry may need it.
  const input = core.tasks.shared || status === 'complete' ? undefined : storableInput(core, origin.input)
  return { status, startedAt, settledAt, freshUntil, expiresAt, progress, error, attempts, retryable, input }
}

/** A settle that was refused: either an earlier try of ours landed after its deadline, or somebody else was first. */
async function yieldTo(core: Core, task: LiveTask, settlement: Settlement): Promise<void> {
  const standing = await core.tasks.get(task.ref)
  if (standing?.status === settlement.status && standing.settledAt === settlement.settledAt) return
  await core.values.remove([task])
  const { error, retryable = false, settledAt = settlement.settledAt } = standing ?? {}
  if (standing?.status === 'cancelled')
    task.outcome = { status: 'cancelled', reason: cancelled(task.ref), settledAt }
  else if (error)
    task.outcome = { status: 'failed', thrown: reviveError(error), info: error, retryable, settledAt }
}

/** A hit is served from memory: for as long as it is fresh, or for `memoryTtl` when others may replace it. */
function remember(core: Core, task: LiveTask, outcome: Outcome, freshUntil: number): void {
  const { settledAt } = outcome
  const until = core.tasks.shared ? Math.min(freshUntil, settledAt + core.memoryTtl) : freshUntil
  if (outcome.status !== 'complete' || until <= settledAt) return
  core.hits.set(task.origin.keyText, { answer: task.completeAnswer(outcome), until })
}

function release(task: LiveTask): void {
  if (task.released) return
  task.released = true
  task.changed()
}

function finish(core: Core, task: LiveTask): void {
  letGo(core, task)
  task.released = true
  task.changed()
  core.onSettled()
}

interface Times {
  settledAt: number
  freshUntil: number
  expiresAt: number
}

function timesOf(core: Core, task: LiveTask, { status, settledAt }: Outcome): Times {
  const { ttl, errorTtl, grace } = task.origin.spec
  const age = status === 'complete' ? ttl : status === 'failed' ? errorTtl : 0
  // 0 where no call will ever be answered from it, not even in its grace.
  const freshUntil = age + grace === 0 ? 0 : Math.min(END_OF_TIME, settledAt + age)
  return {
    settledAt,
    freshUntil,
    // The value is kept for as long as the key, its grace or the ref need it.
    expiresAt: Math.min(
      END_OF_TIME,
      Math.max(freshUntil + (status === 'complete' ? grace : 0), settledAt + core.retention),
    ),
  }
}
