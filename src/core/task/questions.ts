import { readTask } from '../refs/redeem.js'
import { notRegistered } from '../upkeep/retry.js'
import { storableInput } from '../values/storable-input.js'
import { RaincheckError } from '../words/errors.js'
import { isAsking, openRequests, type Questions, withAnswers, withRequests } from '../words/questions.js'
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

/**
 * Answers what a task has asked. Once nothing is open it is run again, here where its function is wrapped.
 * @throws RaincheckError `REF_NOT_FOUND`; `INVALID_INPUT` when it asks for none of these; `FUNCTION_NOT_REGISTERED` when
 *   nobody would know who is to run it again.
 */
export async function answerQuestions(
  core: Core,
  ref: Ref,
  scope: string,
  answers: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (;;) {
    await untilStored(core, ref)
    const stored = await readTask(core, ref, scope)
    const { questions } = stored
    const open = isAsking(questions) && stored.settledAt === undefined ? openRequests(questions) : {}
    if (!questions || !Object.keys(answers).some((key) => Object.hasOwn(open, key)))
      throw askedNothing(ref, answers, Object.keys(open))
    if (stored.config === undefined && !core.find(stored)) throw notRegistered(stored, 'answer')
    const to = withAnswers(questions, answers)
    // Two who answer at once: the second looks again.
    if (!(await core.tasks.answer(ref, questions, to))) continue
    if (!isAsking(to)) await core.resumeOrEnd({ ...stored, questions: to })
    return
  }
}

function askedNothing(ref: Ref, answers: object, open: string[]): RaincheckError {
  const given = Object.keys(answers).join(', ') || 'nothing'
  const wanted = open.length === 0 ? 'no answer' : `an answer to: ${open.join(', ')}`
  return new RaincheckError('INVALID_INPUT', `task ${ref} waits for ${wanted}; ${given} was given`)
}
