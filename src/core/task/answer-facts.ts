import type { AnswerFacts, CompleteAnswer } from '../words/answer.js'
import type { TaskFacts } from '../words/events.js'

/** What answers say of a task whatever its status. `startedAt` and `metadata` are left out where they are undefined. */
export function answerFacts({
  ref,
  name,
  title,
  metadata,
  createdAt,
  startedAt,
}: Omit<AnswerFacts, 'startedAt'> & { startedAt?: number | undefined }): AnswerFacts {
  const facts =
    startedAt === undefined ? { ref, name, title, createdAt } : { ref, name, title, createdAt, startedAt }
  return metadata === undefined ? facts : { ...facts, metadata }
}

/** What events tell of a task. */
export function taskFacts(
  { ref, name, title, metadata }: Pick<AnswerFacts, 'ref' | 'name' | 'title' | 'metadata'>,
  scope: string,
): TaskFacts {
  return metadata === undefined ? { ref, name, title, scope } : { ref, name, title, metadata, scope }
}

/** The answer by what is known of a complete task, and its value. */
export function completeAnswer(
  task: Parameters<typeof answerFacts>[0],
  value: unknown,
  settledAt: number = task.createdAt,
): CompleteAnswer<unknown> {
  return Object.freeze({ status: 'complete', ...answerFacts(task), value, settledAt })
}
