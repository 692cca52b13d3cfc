import { storableInput } from '../values/storable-input.js'
import { RaincheckError } from '../words/errors.js'
import { openRequests, type Questions, withRequests } from '../words/questions.js'
import type { Ref } from '../words/ref.js'
import { unlessClosed, withinDeadline } from '../words/timers.js'
import type { Core } from './engine.js'
import { letGo } from './let-go.js'
import type { LiveTask } from './live-task.js'
import { recordInOrder } from './record.js'

/** The wait before questions are stored again grows from the one to the other, in milliseconds. */
const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000

/**
 * Ends this run of a task that asks: it waits in the store, held by nobody, and is run again with its answers by whoever
 * finds its function.
 */
export function ask(core: Core, task: LiveTask, requests: Readonly<Record<string, unknown>>): void {
  const input = storableInput(core, task.origin.input)
  const reason = input === undefined ? 'its input cannot be stored' : 'its option `resume` is false'
  if (input === undefined || !task.origin.spec.resume) {
    const message = `task.ask needs a task that can be run again, and ${reason}`
    task.abort.abort(new RaincheckError('INVALID_INPUT', message))
    return
  }
  const questions = withRequests(task.questions, requests)
  task.questions = questions
  task.left = true
  task.status = 'pending'
  const keys = Object.keys(requests).join(', ')
  // What the function sees; it is of the kind of every end that is not the task's.
  task.abort.abort(new RaincheckError('INTERRUPTED', `the task waits for an answer to ${keys}`))
  void storeQuestions(core, task, { questions, input })
}

/** Until then the task stays here, so that nobody waits for what is not stored. */
async function storeQuestions(
  core: Core,
  task: LiveTask,
  asked: { questions: Questions; input: string },
): Promise<void> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(LAST_RETRY_MS, 2 * waitMs)) {
    try {
      if (await recordInOrder(core, task, true)) {
        await task.inOrder(() => core.tasks.ask(task.ref, task.run, asked))
        break
      }
    } catch (error) {
      core.events.emit('store-error', { error: error as Error, ref: task.ref })
    }
    if (core.closed) break
    await unlessClosed(core, waitMs)
  }
  letGo(core, task)
  if (core.events.hears('ask'))
    core.events.emit('ask', { ...task.facts(), requests: openRequests(asked.questions) })
  task.changed()
}

/** A task of this process that asks is in the store first, before anything else is done to it. */
export async function untilStored(core: Core, ref: Ref): Promise<void> {
  const own = core.own.get(ref)
  if (!own?.left) return
  const gone = own.until(() => !core.own.has(ref))
  await withinDeadline('store what the task asks', gone)
}
