import { plainError } from '../core/refs/format-answer.js'
import { describeError, RaincheckError } from '../core/words/errors.js'
import { isHopeless } from '../core/words/retryable.js'
import type { ErrorInfo } from '../index.js'
import type { ToolResult } from './host.js'

/** What a tool answers when it failed: what went wrong, and whether another try makes sense. */
export function failureResult(thrown: unknown): ToolResult {
  return failedResult(describeError(thrown), mayPass(thrown))
}

/** The same for a call of a function. Clients know the tool's name only, so errors of raincheck use that instead of the function's. */
export function callFailureResult(thrown: unknown, { functionName, tool }: CalledNames): ToolResult {
  const error = describeError(thrown)
  const before = `${functionName} `
  const isNamed = thrown instanceof RaincheckError && error.message.startsWith(before)
  const message = isNamed ? `${tool} ${error.message.slice(before.length)}` : error.message
  return failedResult({ ...error, message }, mayPass(thrown))
}

interface CalledNames {
  functionName: string
  tool: string
}

/** The same of an error that came from a record. @param retryable Whether another try makes sense. */
export function failedResult(error: ErrorInfo, retryable: boolean): ToolResult {
  const { message, code } = error
  const nextStep = nextStepAfter(code, retryable)
  const text = `${message}${code === undefined ? '' : ` (${code})`}\n${nextStep}`
  return {
    content: [{ type: 'text', text }],
    structuredContent: { error: plainError(error), retryable, nextStep },
    isError: true,
  }
}

function mayPass(thrown: unknown): boolean {
  if (thrown instanceof RaincheckError) return passing.has(thrown.code)
  return !isHopeless(thrown)
}

const passing = new Set(['BUSY', 'TIMEOUT', 'CANCELLED', 'INTERRUPTED', 'CRASHED', 'STORE_UNAVAILABLE'])

function nextStepAfter(code: string | undefined, retryable: boolean): string {
  if (code === 'INVALID_INPUT') return 'Correct the arguments that are named, then call again.'
  if (code === 'REF_NOT_FOUND') return 'Call list_tasks to see the refs that exist. Do not guess a ref.'
  if (code === 'BUSY') return 'Too many tasks wait. Wait some seconds, then make the same call again.'
  if (retryable) return 'If this looks temporary, make the same call once more; else change the arguments.'
  return 'The same call would fail again: change the arguments, or tell the user what went wrong.'
}
