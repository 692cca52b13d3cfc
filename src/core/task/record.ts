import { storableInput } from '../values/storable-input.js'
import { storeKey } from '../values/store-key.js'
import { END_OF_TIME } from '../words/duration.js'
import { interrupted, RaincheckError } from '../words/errors.js'
import { isLive, isResumable, RECORD_FORMAT, type StoredTask } from '../words/task-store.js'
import type { Core } from './engine.js'
import type { LiveTask } from './live-task.js'

/**
 * Writes the record, of which the caller tells those who wait.
 * @returns False when another task stands for the key, which is then where to look.
 */
export async function record(core: Core, task: LiveTask, refresh: boolean): Promise<boolean> {
  if (task.recorded) return true
  const { lease } = core
  if (core.tasks.shared) await lease.hold()
  let standing: StoredTask | undefined
  try {
    standing = await start(core, task, refresh)
    if (standing.ref !== task.ref) standing = await startOver(core, task, refresh, standing)
  } finally {
    if (standing?.ref !== task.ref) lease.drop()
  }
  if (standing.ref !== task.ref) return giveWay(core, task, standing)
  task.recorded = true
  core.revocations.start()
  return true
}

/** The same, after the writes for this task that are under way. */
export function recordInOrder(core: Core, task: LiveTask, refresh: boolean): Promise<boolean> {
  return task.inOrder(() => record(core, task, refresh))
}

/** A live task that nobody holds is taken over first, or settled; then it is held, or its key is free. */
async function startOver(
  core: Core,
  task: LiveTask,
  refresh: boolean,
  standing: StoredTask,
): Promise<StoredTask> {
  const predecessor = core.own.get(standing.ref)
  if (predecessor?.outcome) {
    // Its key is free already, but its record does not say so yet.
    await predecessor.until(() => predecessor.released)
    if (core.own.has(predecessor.ref))
      throw new RaincheckError(
        'STORE_UNAVAILABLE',
        'the store has not taken the end of the task before this one',
      )
    return start(core, task, refresh)
  }
  if (standing.held || !isLive(standing)) return standing
  await core.resumeOrEnd(standing)
  return start(core, task, refresh)
}

function start(core: Core, task: LiveTask, refresh: boolean): Promise<StoredTask> {
  const record = recordOf(core, task)
  task.resumable = isResumable(record)
  return core.tasks.start(record, { now: Date.now(), refresh })
}

function giveWay(core: Core, task: LiveTask, standing: StoredTask): false {
  // One that runs already, because the store failed when it began, is carried to its end for those who wait.
  if (task.startedAt === undefined) {
    task.standing = standing
    core.live.delete(task.origin.keyText)
    core.own.delete(task.ref)
    // It may wait for a slot already.
    task.abort.abort(interrupted())
  }
  task.changed()
  return false
}

function recordOf(core: Core, { ref, run, createdAt, status, startedAt, origin }: LiveTask): StoredTask {
  const { app, name, version, config, resume } = origin.spec
  return {
    format: RECORD_FORMAT,
    ref,
    key: storeKey(core, origin.keyText),
    scope: origin.scope,
    app,
    name,
    version,
    title: origin.title,
    config,
    resume,
    status,
    run,
    owner: core.lease.owner,
    interruptions: 0,
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
    input: core.tasks.shared ? storableInput(core, origin.input) : undefined,
    held: true,
  }
}
