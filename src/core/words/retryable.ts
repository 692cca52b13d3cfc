import { fieldOf, isError, RaincheckError } from './errors.js'

/** Thrown by a function whose failure is for good: it is not tried again. */
export class NonRetryableError extends Error {
  override readonly name = 'NonRetryableError'
}

/** Whether the same call would fail in the same way: a programmer's error, or one that says so. */
export function isHopeless(thrown: unknown): boolean {
  if (!isError(thrown)) return false
  if (thrown instanceof RaincheckError)
    return thrown.code === 'INVALID_VALUE' || thrown.code === 'INVALID_INPUT'
  // By name, since an error that crossed a process has lost its class.
  return hopeless.has(fieldOf(thrown, 'name') ?? '') && !isNetworkError(thrown)
}

const hopeless = new Set([
  'NonRetryableError',
  'TypeError',
  'ReferenceError',
  'SyntaxError',
  'RangeError',
  'EvalError',
  'URIError',
  'AssertionError',
])

/** fetch() tells that the network failed by a TypeError with the reason as its cause. */
function isNetworkError(error: Error): boolean {
  return fieldOf(error, 'message') === 'fetch failed'
}
