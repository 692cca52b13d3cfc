import { answerFacts, type LiveTask } from '../task/live-task.js'
import type { Outcome } from '../task/outcome.js'
import { statusIn } from '../task/state.js'
import type { Answer, AnswerFacts, CompleteAnswer, FailedAnswer, LiveAnswer } from '../words/answer.js'
import { cancelled, type ErrorInfo, reviveError } from '../words/errors.js'
import { isAsking, openRequests } from '../words/questions.js'
import { isLive, type LiveStatus, type StoredTask, shownStatus } from '../words/task-store.js'

/** The answer while the task of this process is not settled. */
export function liveAnswer(task: LiveTask): LiveAnswer<unknown> {
  return {
    status: statusIn(task.phase),
    ...answerFacts(task),
    ...(isAsking(task.questions) ? { requests: openRequests(task.questions) } : {}),
    ...(task.progress ? { progress: task.progress } : {}),
    pollAfterMs: pollAfter(task.createdAt, task.progress?.etaMs),
  }
}

/** The answer by what the work came to. */
export function settledAnswer(
  task: LiveTask,
  outcome: Outcome,
): Exclude<Answer<unknown>, LiveAnswer<unknown>> {
  if (outcome.status === 'complete') return task.completeAnswer(outcome)
  const base = answerFacts(task)
  const { settledAt } = outcome
  if (outcome.status === 'cancelled') return { status: 'cancelled', ...base, settledAt }
  return failedAnswer(base, outcome.info, {
    attempts: task.attempts,
    retryable: outcome.retryable,
    settledAt,
  })
}

/** The answer by the record of a task that is not complete: such a value is elsewhere. */
export function answerFromRecord(record: StoredTask): Exclude<Answer<unknown>, CompleteAnswer<unknown>> {
  const base = answerFacts(record)
  const settledAt = record.settledAt ?? record.createdAt
  if (isLive(record)) {
    const { progress, createdAt } = record
    const isInterrupted = !record.held && record.owner !== ''
    return {
      status: shownStatus(record) as LiveStatus,
      ...base,
      ...(isInterrupted ? { interrupted: true as const } : {}),
      ...(isAsking(record.questions) ? { requests: openRequests(record.questions) } : {}),
      ...(progress ? { progress } : {}),
      pollAfterMs: pollAfter(createdAt, progress?.etaMs),
    }
  }
  if (record.status === 'cancelled') return { status: 'cancelled', ...base, settledAt }
  const {
    error = { name: 'Error', message: 'no error was recorded' },
    attempts = [],
    retryable = false,
  } = record
  return failedAnswer(base, error, { attempts, retryable, settledAt })
}

/** The answer while the value of a task that is complete has not come from the store. */
export function lateAnswer(record: StoredTask): LiveAnswer<unknown> {
  return { status: 'processing', ...answerFacts(record), pollAfterMs: pollAfter(Date.now()) }
}

/** Gives a caller what it may get: a value or a live answer; a failure or a cancel is thrown. */
export function answerOrThrow(
  answer: Answer<unknown>,
): Exclude<Answer<unknown>, { status: 'failed' | 'cancelled' }> {
  if (answer.status === 'failed') throw reviveError(answer.error)
  if (answer.status === 'cancelled') throw cancelled(answer.ref)
  return answer
}

function failedAnswer(
  base: AnswerFacts,
  info: ErrorInfo,
  rest: { attempts: FailedAnswer<unknown>['error']['attempts']; retryable: boolean; settledAt: number },
): FailedAnswer<unknown> {
  const { attempts, retryable, settledAt } = rest
  return { status: 'failed', ...base, error: { ...info, attempts }, retryable, settledAt }
}

/**
 * Half a second for a young task, a tenth of the age for an old one, at most 5 s: an answer is then at most about a
 * tenth late, and an hour of waiting costs some 700 polls instead of 7,200. A known end is waited for, up to 5 s.
 */
function pollAfter(createdAt: number, etaMs = 0): number {
  const age = Date.now() - createdAt
  return Math.round(Math.min(5_000, Math.max(500, age / 10, etaMs)))
}
