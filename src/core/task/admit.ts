import { tell } from '../words/events.js'
import { unlessClosed } from '../words/timers.js'
import type { Core } from './engine.js'
import { LiveTask, type TaskOrigin } from './live-task.js'
import { record, recordInOrder } from './record.js'
import { runTask } from './run.js'

/** Starts a task for a key that has none in this process. It is found in `core.live` at once. */
export function beginTask(core: Core, origin: TaskOrigin, refresh: boolean): LiveTask {
  const task = new LiveTask(origin)
  core.own.set(task.ref, task)
  core.live.set(origin.keyText, task)
  tell(core, 'miss', task)
  admit(core, task, refresh)
  return task
}

/** The wait before the record is tried again grows from this to the deadline of a store call, in milliseconds. */
const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000

/** Asks the task store whether this task may run. A store that fails costs the caller nothing: it runs unrecorded. */
function admit(core: Core, task: LiveTask, refresh: boolean): void {
  record(core, task, refresh).then(
    (mayRun) => mayRun && begin(core, task),
    (error: Error) => {
      tellFailure(core, task, error)
      void keepRecording(core, task, FIRST_RETRY_MS)
      begin(core, task)
    },
  )
}

/** Runs it before anybody is told: who is handed off at once learns that it runs. */
function begin(core: Core, task: LiveTask): void {
  runTask(core, task)
  task.changed()
}

/** For a task that runs unrecorded: a caller can only be handed off once the record stands. */
async function keepRecording(core: Core, task: LiveTask, waitMs: number): Promise<void> {
  await unlessClosed(core, waitMs)
  if (task.outcome || core.closed) return
  try {
    // It runs, so that an older value of its key does not stand in its way.
    if (await recordInOrder(core, task, true)) task.changed()
    // Another task stands for the key; when that has ended this one may be recorded still.
    else if (!task.standing) void keepRecording(core, task, waitMs)
  } catch (error) {
    tellFailure(core, task, error as Error)
    void keepRecording(core, task, Math.min(LAST_RETRY_MS, 2 * waitMs))
  }
}

function tellFailure(core: Core, task: LiveTask, error: Error): void {
  task.recordError = error
  core.events.emit('store-error', { error, ref: task.ref })
}
