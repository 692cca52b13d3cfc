import type { Engine } from '../task/engine.js'
import { handOver } from '../task/hand-over.js'
import { isShared, type TaskBackend } from '../words/backend.js'
import { interrupted } from '../words/errors.js'
import { startTimer } from '../words/timers.js'

/** What an interrupted task gets to store its end, in milliseconds: one store deadline. */
const CLOSE_MS = 5_000

/** What the store gets to take the outcomes that it did not take before, in milliseconds: they had their time. */
const LAST_TRY_MS = 4_000

/** Takes no more calls, waits `drain` ms for running work, leaves or aborts the rest, and frees all but the stores. */
export async function close(engine: Engine, backends: Iterable<TaskBackend>, drain: number): Promise<void> {
  engine.closed = true
  engine.closing.abort(undefined)
  const { registry, unstored } = engine
  const isIdle = () => registry.size <= unstored.count
  await handOver(
    engine,
    registry.all().filter(({ phase }) => phase !== 'running'),
  )
  const shared = [...backends].map((backend) => isShared(backend) && backend.drain(drain))
  await Promise.all([until(isIdle, engine, drain), ...shared])
  await handOver(engine, registry.all())
  for (const task of registry.all()) task.abort.abort(interrupted())
  await until(isIdle, engine, CLOSE_MS)
  await until(() => registry.size === 0, engine, LAST_TRY_MS)
  for (const backend of backends) await backend.close()
  engine.cancellations.stop()
  await engine.lease.end().catch((error: Error) => engine.events.emit('store-error', { error }))
}

/** Resolves when that holds, which is looked at whenever a task of this process changes, or after `ms`. */
function until(holds: () => boolean, { registry }: Engine, ms: number): Promise<void> {
  if (holds()) return Promise.resolve()
  const tasks = registry.all()
  return new Promise((resolve) => {
    const watcher = { onChange: () => holds() && end() }
    const end = () => {
      stopTimer()
      for (const task of tasks) task.unwatch(watcher)
      resolve()
    }
    for (const task of tasks) task.watch(watcher)
    const stopTimer = startTimer(ms, end)
  })
}
