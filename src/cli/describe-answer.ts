import type { Answer, Progress } from '../index.js'
import { type ExitCode, exitCodes } from './exit-codes.js'

/** One line on a task for people. */
export function describeAnswer(answer: Answer<unknown>): string {
  const { status, title, ref } = answer
  const line = `${title}: ${status}`
  if (status === 'complete') return `${line} (raincheck result ${ref})`
  if (status === 'failed') return `${line}: ${answer.error.message.replace(/\s*\n\s*/g, ' ')}`
  if (status === 'cancelled') return line
  const progress = describeProgress(answer.progress)
  return progress === '' ? line : `${line}, ${progress}`
}

/** `37 % (page 45 of 123), about 8 s left`, as far as it is known. */
export function describeProgress({ percentage, message, etaMs }: Progress = {}): string {
  const parts = percentage === undefined ? [] : [`${percentage} %`]
  if (message) parts.push(parts.length > 0 ? `(${message})` : message)
  const left = etaMs === undefined || etaMs < 1_000 ? '' : `, about ${Math.round(etaMs / 1_000)} s left`
  return parts.join(' ') + left
}

export function exitCodeOf({ status }: Pick<Answer<unknown>, 'status'>): ExitCode {
  if (status === 'complete') return exitCodes.success
  if (status === 'failed') return exitCodes.failure
  if (status === 'cancelled') return exitCodes.cancelled
  return exitCodes.notDone
}

/** An answer for `--json`, without the value, which only `result` prints, and without anybody's stack. */
export function facts(answer: Answer<unknown>): object {
  if (answer.status === 'complete') {
    const { value: _, ...rest } = answer
    return rest
  }
  if (answer.status !== 'failed') return answer
  const { name, message, code } = answer.error
  return { ...answer, error: { name, message, ...(code === undefined ? {} : { code }) } }
}
