import { storableInput } from '../values/storable-input.js'
import { RaincheckError } from '../words/errors.js'
import { openRequests, type Questions, withRequests } from '../words/questions.js'
import type { Ref } from '../words/ref.js'
import { repeatUntilClosed, withinDeadline } from '../words/timers.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'
import { recordInOrder } from './record.js'
import { isLeft, isOpen } from './state.js'

/** The wait before questions are stored again grows from the one to the other, in milliseconds. */
const STORE_AGAIN = { first: 250, longest: 5_000 }

/**
 * Ends this run of a task that asks: it waits in the store, held by nobody, and is run again with its answers by whoever
 * finds its function.
 */
export function ask(engine: Engine, task: LiveTask, requests: Readonly<Record<string, unknown>>): void {
  if (!isOpen(task)) return
  const input = storableInput(engine, task.origin.input)
  const reason = input === undefined ? 'its input cannot be stored' : 'its option `resume` is false'
  if (input === undefined || !task.origin.spec.resume) {
    const message = `task.ask needs a task that can be run again, and ${reason}`
    task.abort.abort(new RaincheckError('INVALID_INPUT', message))
    return
  }
  const questions = withRequests(task.questions, requests)
  task.questions = questions
  task.to('ask')
  const keys = Object.keys(requests).join(', ')
  // What the function sees; it is of the kind of every end that is not the task's.
  task.abort.abort(new RaincheckError('INTERRUPTED', `the task waits for an answer to ${keys}`))
  void storeQuestions(engine, task, { questions, input })
}

/** A task of this process that asks is in the store first, before anything else is done to it. */
export async function untilStored({ registry }: Engine, ref: Ref): Promise<void> {
  const own = registry.get(ref)
  if (!own || !isLeft(own)) return
  const gone = own.until(() => registry.get(ref) === undefined)
  await withinDeadline('store what the task asks', gone)
}

/** Until then the task stays here, so that nobody waits for what is not stored. */
async function storeQuestions(
  engine: Engine,
  task: LiveTask,
  asked: { questions: Questions; input: string },
): Promise<void> {
  const { tasks, events, registry } = engine
  const store = async () => {
    try {
      if (!(await recordInOrder(engine, task, true))) return false
      task.changed()
      await task.inOrder(() => tasks.ask(task.ref, task.term, asked))
      // Else the store was lost meanwhile.
      return task.record === 'ours'
    } catch (error) {
      events.emit('store-error', { error: error as Error, ref: task.ref })
      return false
    }
  }
  if (!(await store())) await repeatUntilClosed(engine, STORE_AGAIN, store)
  task.to('let-go')
  registry.removeAsking(task)
  if (events.hears('ask')) events.emit('ask', { ...task.facts(), requests: openRequests(asked.questions) })
  task.changed()
}
