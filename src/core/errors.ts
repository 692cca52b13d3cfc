/** What went wrong, for code to tell apart. Each error raised by this library carries one. */
export type ErrorCode =
  | 'REF_NOT_FOUND'
  | 'INVALID_INPUT'
  | 'INVALID_OPTION'
  | 'INVALID_VALUE'
  | 'TIMEOUT'
  | 'CANCELLED'
  | 'INTERRUPTED'
  | 'CRASHED'
  | 'STORE_UNAVAILABLE'
  | 'FUNCTION_NOT_REGISTERED'
  | 'MISSING_PEER'
  | 'CLOSED'

/** The one error class of this library; tell its kinds apart by `code`. */
export class RaincheckError extends Error {
  override readonly name = 'RaincheckError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** An error as it is kept in a record and sent between processes. */
export interface ErrorInfo {
  name: string
  message: string
  code?: string
  stack?: string
}

/** Describes anything thrown, also what is not an Error. */
export function describeError(thrown: unknown): ErrorInfo {
  if (!(thrown instanceof Error)) return { name: 'Error', message: messageOf(thrown) }
  const code: unknown = Reflect.get(thrown, 'code')
  return {
    name: thrown.name,
    message: thrown.message,
    ...(code === undefined ? {} : { code: String(code) }),
    ...(thrown.stack === undefined ? {} : { stack: thrown.stack }),
  }
}

/** What anything thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Makes an Error again of one that crossed a process or a store. */
export function reviveError(info: ErrorInfo): Error {
  const error = isErrorCode(info.code)
    ? new RaincheckError(info.code, info.message)
    : Object.assign(new Error(info.message), info.code === undefined ? {} : { code: info.code })
  if (error.name !== info.name) Object.defineProperty(error, 'name', { value: info.name, configurable: true })
  if (info.stack !== undefined)
    Object.defineProperty(error, 'stack', { value: info.stack, configurable: true })
  return error
}

const codes: Record<ErrorCode, true> = {
  REF_NOT_FOUND: true,
  INVALID_INPUT: true,
  INVALID_OPTION: true,
  INVALID_VALUE: true,
  TIMEOUT: true,
  CANCELLED: true,
  INTERRUPTED: true,
  CRASHED: true,
  STORE_UNAVAILABLE: true,
  FUNCTION_NOT_REGISTERED: true,
  MISSING_PEER: true,
  CLOSED: true,
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && Object.hasOwn(codes, code)
}
