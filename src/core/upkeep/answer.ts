import { readTask } from '../refs/redeem.js'
import type { Engine } from '../task/engine.js'
import { untilStored } from '../task/questions.js'
import { notRegistered, RaincheckError } from '../words/errors.js'
import { isAsking, openRequests, withAnswers } from '../words/questions.js'
import type { Ref } from '../words/ref.js'

/**
 * Answers what a task has asked. Once nothing is open it is run again, here where its function is wrapped.
 * @throws RaincheckError `REF_NOT_FOUND`; `INVALID_INPUT` when it asks for none of these; `FUNCTION_NOT_REGISTERED` when
 *   nobody would know who is to run it again.
 */
export async function answerQuestions(
  engine: Engine,
  ref: Ref,
  scope: string,
  answers: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (;;) {
    await untilStored(engine, ref)
    const stored = await readTask(engine, ref, scope)
    const { questions } = stored
    const open = isAsking(questions) && stored.settledAt === undefined ? openRequests(questions) : {}
    if (!questions || !Object.keys(answers).some((key) => Object.hasOwn(open, key)))
      throw askedNothing(ref, answers, Object.keys(open))
    if (stored.place === undefined && !engine.find(stored)) throw notRegistered(stored, 'answer')
    const to = withAnswers(questions, answers)
    // Two who answer at once: the second looks again.
    if (!(await engine.tasks.answer(ref, questions, to))) continue
    if (!isAsking(to)) await engine.resumeOrEnd({ ...stored, questions: to })
    return
  }
}

function askedNothing(ref: Ref, answers: object, open: string[]): RaincheckError {
  const given = Object.keys(answers).join(', ') || 'nothing'
  const wanted = open.length === 0 ? 'no answer' : `an answer to: ${open.join(', ')}`
  return new RaincheckError('INVALID_INPUT', `task ${ref} waits for ${wanted}; ${given} was given`)
}
