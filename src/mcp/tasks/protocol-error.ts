import { describeError, RaincheckError } from '../../core/words/errors.js'
import { TASKS_EXTENSION } from '../tasks-extension.js'

/** An error of JSON-RPC; the SDK sends on what it says. */
export class ProtocolError extends Error {
  readonly code: number
  readonly data: object | undefined

  constructor(code: number, message: string, data?: object) {
    super(message)
    this.code = code
    this.data = data
  }
}

const METHOD_NOT_FOUND = -32_601
const INVALID_PARAMS = -32_602
export const INTERNAL_ERROR = -32_603
const MISSING_CAPABILITY = -32_021

export function methodNotFound(): ProtocolError {
  return new ProtocolError(METHOD_NOT_FOUND, 'Method not found')
}

export function missingCapability(requiredCapabilities: object): ProtocolError {
  const names = Object.keys(requiredCapabilities).join(', ')
  return new ProtocolError(
    MISSING_CAPABILITY,
    `Missing required client capability: declare ${names} in the capabilities of the request`,
    { requiredCapabilities },
  )
}

/** The client did not say on this request that it knows tasks. */
export function tasksNotDeclared(): ProtocolError {
  return missingCapability({ extensions: { [TASKS_EXTENSION]: {} } })
}

/** What a request is answered with that ended with this error. */
export function toProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error
  const code =
    error instanceof RaincheckError && clientsFault.has(error.code) ? INVALID_PARAMS : INTERNAL_ERROR
  return new ProtocolError(code, describeError(error).message)
}

const clientsFault = new Set<string>(['REF_NOT_FOUND', 'INVALID_INPUT'])

/** As a response to a request. */
export function errorResponse(id: unknown, { code, message, data }: ProtocolError): object {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data ? { data } : {}) } }
}
