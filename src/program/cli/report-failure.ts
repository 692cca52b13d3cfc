import { RaincheckError } from '../../core/words/errors.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { writeOut } from './stdout.js'

/** Tells why a command failed: one line for people, or JSON. @returns The exit code that says so. */
export function reportFailure(thrown: unknown, json: boolean | undefined): ExitCode {
  const { message, code } = describe(thrown)
  if (json) writeOut(`${JSON.stringify({ error: { code, message } })}\n`)
  process.stderr.write(`raincheck: ${message}\n`)
  return exitCodeOf(thrown)
}

/** Line breaks are folded: one failure is one line. */
export function describe(thrown: unknown): { message: string; code?: string } {
  if (!(thrown instanceof Error)) return { message: String(thrown) }
  const code: unknown = Reflect.get(thrown, 'code')
  const message = thrown.message.replace(/\s*\n\s*/g, ' ')
  return { message, ...(typeof code === 'string' ? { code } : {}) }
}

function exitCodeOf(thrown: unknown): ExitCode {
  if (!(thrown instanceof RaincheckError)) return exitCodes.failure
  if (thrown.code === 'REF_NOT_FOUND') return exitCodes.notFound
  if (thrown.code === 'CANCELLED') return exitCodes.cancelled
  return exitCodes.failure
}
