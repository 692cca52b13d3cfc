import { storeKey } from '../values/key.js'
import { storableInput } from '../values/storable-input.js'
import type { Awaitable } from '../words/awaitable.js'
import { END_OF_TIME } from '../words/duration.js'
import { interrupted, RaincheckError } from '../words/errors.js'
import {
  forgottenKey,
  isLive,
  RECORD_FORMAT,
  type StoredTask,
  type TaskPatch,
  type TaskRecord,
} from '../words/task-store.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'
import { isReleased, statusIn } from './state.js'

/**
 * Writes the record of a task, unless it stands already. The caller tells those who wait.
 * @returns False when another task stands for the key. One that has not started is then deferred to that.
 */
export function record(engine: Engine, task: LiveTask, refresh: boolean): Awaitable<boolean> {
  if (task.record === 'ours') return true
  task.recordTo('write')
  const { losses } = engine
  const standing = engine.tasks.shared ? claimHeld(engine, task, refresh) : claim(engine, task, refresh)
  if (!(standing instanceof Promise)) return recorded(engine, task, standing)
  return standing.then(
    (found) =>
      losses === engine.losses ? recorded(engine, task, found) : recordedInLost(engine, task, refresh, found),
    (error) => {
      task.recordTo('failed')
      throw error
    },
  )
}

/** The same, after the writes for this task that are under way. */
export function recordInOrder(engine: Engine, task: LiveTask, refresh: boolean): Awaitable<boolean> {
  return task.inOrder(() => record(engine, task, refresh))
}

/** Writes how far a task is into its record, where it has one. Never rejects. */
export function updateRecord({ tasks, events }: Engine, task: LiveTask): Awaitable<unknown> {
  const { ref, term, phase, startedAt, progress } = task
  if (task.record !== 'ours') return undefined
  const patch: TaskPatch = { status: statusIn(phase) }
  if (startedAt !== undefined) patch.startedAt = startedAt
  if (progress) patch.progress = progress
  const update = task.inOrder(() => tasks.update(ref, term, patch))
  if (!(update instanceof Promise)) return update
  return update.catch((error: Error) => events.emit('store-error', { error, ref }))
}

/** Whether any process that finds its function may run it again. */
export function isResumable({ resume, input }: Pick<TaskRecord, 'resume' | 'input'>): boolean {
  return resume && input !== undefined
}

/** A process that others see holds its tasks by a lease. */
async function claimHeld(engine: Engine, task: LiveTask, refresh: boolean): Promise<StoredTask> {
  const { lease } = engine
  await lease.hold()
  let standing: StoredTask | undefined
  try {
    standing = await claim(engine, task, refresh)
    return standing
  } finally {
    if (standing?.ref !== task.ref) lease.drop()
  }
}

/** @returns The record that stands for the key now. */
function claim(engine: Engine, task: LiveTask, refresh: boolean): Awaitable<StoredTask> {
  const record = recordOf(engine, task)
  if (engine.tasks.shared) task.resumable = isResumable(record)
  const started = engine.tasks.start(record, { now: Date.now(), refresh })
  const isClaimed = !(started instanceof Promise) && started.ref === task.ref
  return isClaimed ? started : claimAfter(engine, started, record, refresh)
}

/** Another task that stands for the key may be over, or be held by nobody. */
async function claimAfter(
  engine: Engine,
  started: Awaitable<StoredTask>,
  record: StoredTask,
  refresh: boolean,
): Promise<StoredTask> {
  const standing = await started
  if (standing.ref === record.ref) return standing
  const predecessor = engine.registry.get(standing.ref)
  if (predecessor?.outcome) {
    // Its key is free already, but its record does not say so yet.
    await predecessor.until(() => isReleased(predecessor))
    if (engine.registry.get(predecessor.ref))
      throw new RaincheckError(
        'STORE_UNAVAILABLE',
        'the store has not taken the end of the task before this one',
      )
  } else {
    if (standing.held || !isLive(standing)) return standing
    // It is taken over first, or settled; then it is held, or its key is free.
    await engine.resumeOrEnd(standing)
  }
  return engine.tasks.start(record, { now: Date.now(), refresh })
}

/** The store that has it was lost on the way. */
function recordedInLost(
  engine: Engine,
  task: LiveTask,
  refresh: boolean,
  { ref }: StoredTask,
): Awaitable<boolean> {
  if (ref === task.ref) engine.lease.drop()
  task.recordTo('failed')
  return record(engine, task, refresh)
}

function recorded(engine: Engine, task: LiveTask, standing: StoredTask): Awaitable<boolean> {
  if (standing.ref !== task.ref) {
    if (task.recordedAt === undefined || task.forgotten) return giveWay(engine, task, standing)
    // In the store that is there now another task has its key already. Somebody may have its ref all the same.
    engine.registry.forgetTask(task)
    task.recordTo('refused')
    return record(engine, task, true)
  }
  task.recordTo('written')
  if (engine.tasks.shared) {
    task.recordedAt = Date.now()
    engine.cancellations.start()
  }
  return true
}

function giveWay(engine: Engine, task: LiveTask, standing: StoredTask): false {
  task.recordTo('refused')
  // One that runs already, because the store failed when it began, is carried to its end for those who wait.
  if (task.startedAt === undefined && task.to('give-way')) {
    task.standing = standing
    engine.registry.remove(task)
    // It may wait for a slot already.
    task.abort.abort(interrupted())
  }
  task.changed()
  return false
}

function recordOf({ tasks, lease, serializer }: Engine, task: LiveTask): StoredTask {
  const { ref, term, createdAt, phase, startedAt, origin, forgotten, storedKey, interruptions } = task
  const { app, name, version, instance, place, resume } = origin.spec
  return {
    format: RECORD_FORMAT,
    ref,
    key: forgotten ? forgottenKey(ref) : (storedKey ?? storeKey(tasks, origin.keyText)),
    scope: origin.scope,
    app,
    name,
    version,
    instance,
    title: origin.title,
    metadata: origin.metadata,
    place,
    resume,
    status: statusIn(phase),
    term,
    owner: lease.owner,
    interruptions,
    priority: origin.priority,
    createdAt,
    startedAt,
    settledAt: undefined,
    freshUntil: 0,
    expiresAt: END_OF_TIME,
    progress: undefined,
    error: undefined,
    attempts: undefined,
    retryable: undefined,
    questions: undefined,
    input: tasks.shared ? storableInput({ serializer }, origin.input) : undefined,
    held: true,
  }
}
