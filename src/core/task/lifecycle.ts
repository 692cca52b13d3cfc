import { repeatUntilClosed } from '../words/timers.js'
import type { Engine } from './engine.js'
import { LiveTask, type TaskOrigin } from './live-task.js'
import { record, recordInOrder } from './record.js'
import { runTask } from './run.js'
import { isEnded } from './state.js'

/** The wait before the record is tried again grows from this to the deadline of a store call, in milliseconds. */
const RECORD_AGAIN = { first: 250, longest: 5_000 }

/** Makes a task for a key that has none in this process. Calls of the key join it at once. */
export function createTask({ registry, events }: Engine, origin: TaskOrigin): LiveTask {
  const task = new LiveTask(origin)
  registry.add(task)
  if (events.hears('miss')) events.emit('miss', task.facts())
  return task
}

/** Records the task and runs it: on a store in memory, and with a free slot, in this turn of the event loop. */
export function begin(engine: Engine, task: LiveTask, refresh: boolean): void {
  const isOurs = record(engine, task, refresh)
  if (isOurs instanceof Promise) void admitOnceRecorded(engine, task, isOurs)
  else if (isOurs) admit(engine, task)
}

/** For a task whose record is gone with its store, at once. */
export function recordAgain(engine: Engine, task: LiveTask): void {
  void keepRecording(engine, task, { ...RECORD_AGAIN, first: 1 })
}

/** A store that fails costs the caller nothing: the task runs unrecorded. */
function admitOnceRecorded(engine: Engine, task: LiveTask, recorded: Promise<boolean>): Promise<void> {
  return recorded.then(
    (isOurs) => {
      if (isOurs) admit(engine, task)
    },
    (error: Error) => {
      noteFailure(engine, task, error)
      void keepRecording(engine, task)
      admit(engine, task)
    },
  )
}

/** Starts the function before anyone is notified, so that a caller who is handed off at once sees it running. */
function admit(engine: Engine, task: LiveTask): void {
  task.to('admit')
  engine.waitingLimit?.admit(task)
  runTask(engine, task)
  task.changed()
}

/** For a task that runs unrecorded: a caller can only be handed off once the record stands. */
function keepRecording(engine: Engine, task: LiveTask, pace = RECORD_AGAIN): Promise<void> {
  return repeatUntilClosed(engine, pace, async () => {
    if (task.outcome || isEnded(task)) return true
    try {
      // It runs, so that an older value of its key does not stand in its way.
      const isOurs = await recordInOrder(engine, task, true)
      if (isOurs) task.changed()
      // Another task stands for the key; when that has ended this one may be recorded still.
      return isOurs || isEnded(task)
    } catch (error) {
      noteFailure(engine, task, error as Error)
      return false
    }
  })
}

function noteFailure({ events }: Engine, task: LiveTask, error: Error): void {
  task.recordError = error
  events.emit('store-error', { error, ref: task.ref })
}
