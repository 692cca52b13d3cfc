import type { Core } from './core.js'
import { withinDeadline } from './deadline.js'
import { END_OF_TIME } from './duration.js'
import { interruption } from './interruption.js'
import { digest } from './key.js'
import type { LiveTask } from './live-task.js'
import { isLive, RECORD_FORMAT, type StoredTask, type TaskRecord } from './task-store.js'

/** Writes the record. @returns False when another task stands for the key, which is then where to look. */
export function record(core: Core, task: LiveTask, refresh: boolean): Promise<boolean> {
  return task.inOrder(async () => {
    if (task.recorded) return true
    await core.lease.hold()
    let standing: StoredTask | undefined
    try {
      standing = await startOver(core, task, refresh)
    } finally {
      if (standing?.ref !== task.ref) core.lease.drop()
    }
    if (standing.ref !== task.ref) return giveWay(core, task, standing)
    task.recorded = true
    core.liveByRef.set(task.ref, task)
    task.changed()
    return true
  })
}

/** A live task whose holder is gone is settled first; then its key is free. */
async function startOver(core: Core, task: LiveTask, refresh: boolean): Promise<StoredTask> {
  const standing = await start(core, task, refresh)
  if (standing.held || !isLive(standing)) return standing
  await withinDeadline(
    'settle an interrupted task',
    core.tasks.interrupt(standing.ref, standing.run, interruption(core)),
  )
  return start(core, task, refresh)
}

function start(core: Core, task: LiveTask, refresh: boolean): Promise<StoredTask> {
  return withinDeadline('record a task', core.tasks.start(recordOf(core, task), { now: Date.now(), refresh }))
}

function giveWay(core: Core, task: LiveTask, standing: StoredTask): false {
  // One that runs already, because the store failed when it began, is carried to its end for those who wait.
  if (task.startedAt === undefined) {
    task.standing = standing
    core.live.delete(task.origin.keyText)
  }
  task.changed()
  return false
}

function recordOf(core: Core, task: LiveTask): TaskRecord {
  const { ref, run, createdAt, status, startedAt, origin } = task
  const { app, name, version } = origin.spec
  return {
    format: RECORD_FORMAT,
    ref,
    key: digest(origin.keyText),
    scope: origin.scope,
    app,
    name,
    version,
    title: origin.title,
    status,
    run,
    owner: core.lease.owner,
    priority: origin.priority,
    createdAt,
    expiresAt: END_OF_TIME,
    freshUntil: 0,
    ...(startedAt === undefined ? {} : { startedAt }),
  }
}
