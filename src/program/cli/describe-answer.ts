import { formatAnswer, plainError } from '../../core/refs/format-answer.js'
import { toJson } from '../../core/values/to-json.js'
import type { Answer, Progress, TaskSummary } from '../../index.js'
import type { FilesResult } from '../documents/file-functions.js'
import { type ExitCode, exitCodes } from './exit-codes.js'

/** A task as a poll or a list tells it. */
type Told = Answer<unknown> | TaskSummary

/** One line on a task for people. */
export function describeAnswer(answer: Told): string {
  const { status, title, metadata, ref } = answer
  const line = `${title}${metadata === undefined ? '' : ` ${toJson(metadata)}`}: ${status}`
  if (status === 'complete') return `${line}${describeFailures(answer)} (raincheck result ${ref})`
  if (status === 'failed') return `${line}: ${answer.error.message.replace(/\s*\n\s*/g, ' ')}`
  if (status === 'cancelled') return line
  const progress = describeProgress(answer.progress)
  return [
    line,
    ...(answer.interrupted ? ['interrupted, another process goes on'] : []),
    ...(answer.requests
      ? [`asks ${describeRequests(answer.requests)} (raincheck answer ${ref} <json>)`]
      : []),
    ...(progress === '' ? [] : [progress]),
  ].join(', ')
}

/** `colour: Which colour?, size: {…}`: each key, with the text of its message where it has one. */
export function describeRequests(requests: Readonly<Record<string, unknown>>): string {
  return Object.entries(requests)
    .map(([key, request]) => `${key}: ${textOf(request)}`)
    .join(', ')
}

/** That of the task's own outcome. */
export function exitCodeOf(answer: Told): ExitCode {
  if (answer.status === 'complete') return filesOf(answer)?.failed ? exitCodes.partial : exitCodes.success
  if (answer.status === 'failed') return exitCodes.failure
  if (answer.status === 'cancelled') return exitCodes.cancelled
  return exitCodes.notDone
}

/** An answer for `--json`, without the value, which only `result` prints. */
export function facts(answer: Told): object {
  const { value: _, error, ...told } = formatAnswer(answer, 'full')
  return error ? { ...told, error: plainError(error) } : told
}

function textOf(request: unknown): string {
  const message: unknown = Object(request).message
  return typeof message === 'string' ? message : toJson(request)
}

/** `37 % (page 45 of 123), about 8 s left`, as far as it is known. */
function describeProgress({ percentage, message, etaMs }: Progress = {}): string {
  const parts = percentage === undefined ? [] : [`${percentage} %`]
  if (message) parts.push(parts.length > 0 ? `(${message})` : message)
  const left = etaMs === undefined || etaMs < 1_000 ? '' : `, about ${Math.round(etaMs / 1_000)} s left`
  return parts.join(' ') + left
}

function describeFailures(answer: Told): string {
  const all = filesOf(answer)
  return all?.failed ? `, but for ${all.failed} of ${all.files.length}` : ''
}

/** The value of a folder's conversion, in which some documents may have failed. */
function filesOf(answer: Told): FilesResult | undefined {
  return answer.name === 'convert-files' && 'value' in answer ? (answer.value as FilesResult) : undefined
}
