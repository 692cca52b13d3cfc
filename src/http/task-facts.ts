import {
  type Answer,
  type FormattedAnswer,
  formatAnswer,
  type ResponseFormat,
  type TaskSummary,
} from '../index.js'
import type { HttpFunction } from './options.js'

/** A task as it is told over HTTP: an answer as plain data, without any stack. */
export type TaskFacts = FormattedAnswer & { interrupted?: true }

/** @param wrapped Its function, for the schema of the value. */
export function answerFacts(
  answer: Answer<unknown>,
  format: ResponseFormat,
  wrapped?: HttpFunction,
): TaskFacts {
  const facts = formatAnswer(answer, format, wrapped && { output: wrapped.options.output })
  const isInterrupted = 'interrupted' in answer && format !== 'minimal'
  return isInterrupted ? { ...facts, interrupted: true } : facts
}

/** A task in a list or an event: all that is known of it but what may be large, its value and the details of its progress. */
export function summaryFacts(summary: TaskSummary): TaskFacts {
  const {
    value: _,
    progress,
    ...facts
  } = answerFacts({ value: undefined, ...summary } as Answer<unknown>, 'full')
  if (!progress) return facts
  const { details: __, ...rest } = progress
  return { ...facts, progress: rest }
}

export function isLive({ status }: Pick<TaskSummary, 'status'>): boolean {
  return status === 'pending' || status === 'processing'
}
