import { interrupted } from '../words/errors.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'
import { isOpen } from './state.js'

/** Hands the tasks that other processes can run again over to them, and stops their work here. */
export async function handOver(engine: Engine, tasks: readonly LiveTask[]): Promise<void> {
  await Promise.all(tasks.filter(mayBeHandedOver).map((task) => handOverOne(engine, task)))
}

/** One whose function no other process finds is settled as interrupted instead. */
function mayBeHandedOver(task: LiveTask): boolean {
  const { record, resumable, origin } = task
  return isOpen(task) && record === 'ours' && resumable && origin.spec.place !== undefined
}

async function handOverOne({ tasks, events, registry }: Engine, task: LiveTask): Promise<void> {
  task.to('hand-over')
  task.abort.abort(interrupted())
  try {
    await task.inOrder(() => tasks.leave(task.ref, task.term))
  } catch (error) {
    // Then it is free when the lease has run out.
    events.emit('store-error', { error: error as Error, ref: task.ref })
  }
  task.to('let-go')
  registry.remove(task)
  task.changed()
}
