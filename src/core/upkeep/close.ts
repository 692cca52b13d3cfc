import type { Core } from '../task/engine.js'
import { leave } from '../task/hand-over.js'
import { isShared, type TaskBackend } from '../words/backend.js'
import { interrupted } from '../words/errors.js'
import { startTimer } from '../words/timers.js'

/** What an interrupted task gets to store its end, in milliseconds: one store deadline. */
const CLOSE_MS = 5_000

/** Takes no more calls, waits `drain` ms for running work, leaves or aborts the rest, and frees all but the stores. */
export async function close(core: Core, backends: Iterable<TaskBackend>, drain: number): Promise<void> {
  core.closed = true
  core.closing.abort(undefined)
  await leave(
    core,
    [...core.own.values()].filter(({ status }) => status === 'pending'),
  )
  const shared = [...backends].map((backend) => isShared(backend) && backend.drain(drain))
  await Promise.all([drained(core, drain), ...shared])
  await leave(core, core.own.values())
  for (const task of core.own.values()) task.abort.abort(interrupted())
  await drained(core, CLOSE_MS)
  for (const backend of backends) await backend.close()
  core.revocations.stop()
  await core.lease.end().catch((error: Error) => core.events.emit('store-error', { error }))
}

/** Resolves when this process has no task left, or after `ms`. */
function drained({ own }: Core, ms: number): Promise<void> {
  const tasks = [...own.values()]
  if (tasks.length === 0) return Promise.resolve()
  return new Promise((resolve) => {
    const watcher = { onChange: () => own.size === 0 && end() }
    const end = () => {
      stopTimer()
      for (const task of tasks) task.unwatch(watcher)
      resolve()
    }
    for (const task of tasks) task.watch(watcher)
    const stopTimer = startTimer(ms, end)
  })
}
