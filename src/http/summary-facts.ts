import { type FormattedAnswer, formatAnswer, type TaskSummary } from '../index.js'

/** A task in a list or an event: all that is known of it but what may be large, its value and the details of its progress. */
export function summaryFacts(task: TaskSummary): FormattedAnswer {
  const { value: _, progress, ...facts } = formatAnswer(task, 'full')
  if (!progress) return facts
  const { details: __, ...rest } = progress
  return { ...facts, progress: rest }
}
