import { interrupted } from '../words/errors.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'
import { recordInOrder } from './record.js'
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

async function handOverOne(engine: Engine, task: LiveTask): Promise<void> {
  const { events, registry } = engine
  task.to('hand-over')
  task.abort.abort(interrupted())
  try {
    await leave(engine, task)
  } catch (error) {
    // Then it is free when the lease has run out.
    events.emit('store-error', { error: error as Error, ref: task.ref })
  }
  task.to('let-go')
  registry.remove(task)
  task.changed()
}

/** Once more where the store was lost meanwhile. */
async function leave(engine: Engine, task: LiveTask): Promise<void> {
  const { losses } = engine
  await recordInOrder(engine, task, true)
  await task.inOrder(() => engine.tasks.leave(task.ref, task.term))
  if (losses !== engine.losses) await leave(engine, task)
}
