import { propertiesOf } from './error-properties.js'

/**
 * What went wrong, for code to tell apart. Each error raised by this library carries one.
 * - `BUSY`: `maxWaiting` tasks are waiting in this process, so no task was created. Call again later.
 * - `REF_NOT_FOUND`: the ref is unknown, has expired or is another scope's, and nothing tells which. Make the call again.
 * - `INVALID_INPUT`: refused before any work: an input that does not fit or has no key, an answer nobody asked for. The message says where.
 * - `INVALID_OPTION`: an option or argument is wrong, or there is none of that name. The message names it, and what was expected.
 * - `INVALID_VALUE`: what the function returned does not fit `output`, or cannot be stored.
 * - `TIMEOUT`: the work took longer than the function's `timeout`.
 * - `CANCELLED`: somebody cancelled the task.
 * - `INTERRUPTED`: the process that ran the task ended or was closed, and no other may go on with it.
 * - `CRASHED`: the child process that ran the task ended by itself, or for passing the pool's `memoryLimit`.
 * - `STORE_UNAVAILABLE`: the store failed, is that of a newer version, or did not answer within 5 s, longer than SQLite waits for a lock (4 s).
 * - `STORE_LOST`: only in `store-error` events. The store was deleted, replaced or flushed while this process used it, and settled tasks may be gone. The
 *   process goes on with the store that is there now, and records its live tasks again.
 * - `FUNCTION_NOT_REGISTERED`: this process has not wrapped the function; on a queue: no process took the job for a minute.
 * - `MISSING_PEER`: an optional package is not installed. The message has the command that does.
 * - `CLOSED`: it was asked after `close()`, or closed meanwhile.
 */
export type ErrorCode = (typeof codes)[number]

/** The one error class of this library; tell its kinds apart by `code`. */
export class RaincheckError extends Error {
  override readonly name = 'RaincheckError'
  /** Stays through stores and processes, which lose the class of other errors. */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** @param called What was called too late. */
export function closedError(called: string): RaincheckError {
  return new RaincheckError('CLOSED', `${called} was called after close(); create a new raincheck`)
}

/**
 * The error of a store that was taken away under this process.
 * @param store Where it is, or was.
 * @param how What became of it.
 */
export function storeLost(store: string, how: string): RaincheckError {
  return new RaincheckError(
    'STORE_LOST',
    `the store ${store} was ${how} while this process used it: settled tasks may be lost, and the live tasks of this process are ` +
      'recorded again; end all processes that use a store before you remove it, or empty it with prune()',
  )
}

/** The error of a task that somebody cancelled. */
export function cancelled(ref: string): RaincheckError {
  return new RaincheckError('CANCELLED', `task ${ref} was cancelled`)
}

/** The error of a task whose process ended or closed before the work did. */
export function interrupted(): RaincheckError {
  return new RaincheckError(
    'INTERRUPTED',
    'the process that ran the task ended before it was done; make the same call again',
  )
}

/** @param what Is to be done where the function is wrapped. */
export function notRegistered(
  { name, version, app, instance = '' }: { name: string; version: string; app: string; instance?: string },
  what: string,
): RaincheckError {
  const which = instance === '' ? '' : `, instance ${instance}`
  return new RaincheckError(
    'FUNCTION_NOT_REGISTERED',
    `${name} (version ${version}, app ${app}${which}) is not wrapped in this process; ${what} where it is`,
  )
}

/** An error as it is kept in a record, sent between processes and given by every poll: data, without its class. */
export interface ErrorInfo {
  /** Of its class, such as `TypeError`; `Error` for what was thrown and is none. */
  name: string
  /** Of what is no Error: its text. */
  message: string
  /** As it was thrown; one of `ErrorCode` where the error is this library's. */
  code?: string
  /**
   * Its other own properties that are texts, finite numbers or booleans, such as `status`: 4,096 bytes of JSON at most, in the order of `Object.keys`.
   * Objects are left out, since they carry headers and secrets. For code in your own processes: `formatAnswer`, HTTP, MCP and the command line
   * leave them out.
   */
  properties?: Readonly<Record<string, string | number | boolean>>
  /** For whoever runs the process: it is never told to clients. */
  stack?: string
}

/** Describes anything thrown, also what is not an Error. @param withStack To read a stack takes as long as a quick call. */
export function describeError(thrown: unknown, withStack = true): ErrorInfo {
  if (!isError(thrown)) return { name: 'Error', message: textOf(thrown) }
  const code = fieldOf(thrown, 'code')
  const properties = propertiesOf(thrown)
  const stack = withStack ? fieldOf(thrown, 'stack') : undefined
  return {
    name: fieldOf(thrown, 'name') ?? 'Error',
    message: messageOf(thrown),
    ...(code === undefined ? {} : { code }),
    ...(properties === undefined ? {} : { properties }),
    ...(stack === undefined ? {} : { stack }),
  }
}

/** What anything thrown says. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? (fieldOf(thrown, 'message') ?? '') : textOf(thrown)
}

/** Whether it is an Error. To ask a proxy may throw. */
export function isError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error
  } catch {
    return false
  }
}

/** A field of an error as text; undefined where it has none, or its getter throws. */
export function fieldOf(error: Error, field: 'name' | 'message' | 'code' | 'stack'): string | undefined {
  try {
    const value: unknown = Reflect.get(error, field)
    return value === undefined ? undefined : textOf(value)
  } catch {
    return undefined
  }
}

/** Anything can be thrown, also what has no text: to throw here would leave its task without an end. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return `a thrown ${typeof thrown} without a text`
  }
}

/** Makes an Error again of one that crossed a process or a store. */
export function reviveError(info: ErrorInfo): Error {
  const error = isErrorCode(info.code)
    ? new RaincheckError(info.code, info.message)
    : Object.assign(new Error(info.message), info.code === undefined ? {} : { code: info.code })
  if (error.name !== info.name) Object.defineProperty(error, 'name', { value: info.name, configurable: true })
  if (info.stack !== undefined)
    Object.defineProperty(error, 'stack', { value: info.stack, configurable: true })
  return Object.assign(error, info.properties)
}

const codes = [
  ...([
    'BUSY',
    'REF_NOT_FOUND',
    'INVALID_INPUT',
    'INVALID_OPTION',
    'INVALID_VALUE',
    'TIMEOUT',
    'CANCELLED',
  ] as const),
  ...(['INTERRUPTED', 'CRASHED', 'STORE_UNAVAILABLE', 'STORE_LOST', 'FUNCTION_NOT_REGISTERED'] as const),
  ...(['MISSING_PEER', 'CLOSED'] as const),
]

function isErrorCode(code: string | undefined): code is ErrorCode {
  return (codes as readonly (string | undefined)[]).includes(code)
}
