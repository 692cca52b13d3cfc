import { interrupted } from '../words/errors.js'
import type { Core } from './engine.js'
import { letGo } from './let-go.js'
import type { LiveTask } from './live-task.js'

/** Leaves those of the tasks that other processes can run again to them, and ends their work here. */
export async function leave(core: Core, tasks: Iterable<LiveTask>): Promise<void> {
  await Promise.all([...tasks].filter(mayBeLeft).map((task) => leaveOne(core, task)))
}

/** One whose function no other process finds is settled as interrupted instead. */
function mayBeLeft({ resumable, recorded, outcome, left, origin }: LiveTask): boolean {
  return !left && recorded && resumable && !outcome && origin.spec.config !== undefined
}

async function leaveOne(core: Core, task: LiveTask): Promise<void> {
  task.left = true
  task.status = 'pending'
  task.abort.abort(interrupted())
  try {
    await task.inOrder(() => core.tasks.leave(task.ref, task.run))
  } catch (error) {
    // Then it is free when the lease has run out.
    core.events.emit('store-error', { error: error as Error, ref: task.ref })
  }
  letGo(core, task)
  task.changed()
}
