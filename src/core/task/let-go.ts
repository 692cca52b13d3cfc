import type { Core } from './engine.js'
import type { LiveTask } from './live-task.js'

/** This process has nothing more to do with the task: its end is stored, or it was left to others. */
export function letGo(core: Core, task: LiveTask): void {
  freeKey(core, task)
  core.own.delete(task.ref)
  if (task.recorded) core.lease.drop()
}

/** Calls for its key do not join the task any more. Another task may have the key by now. */
export function freeKey({ live }: Core, task: LiveTask): void {
  const { keyText } = task.origin
  if (live.get(keyText) === task) live.delete(keyText)
}
