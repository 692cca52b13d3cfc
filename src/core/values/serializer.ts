import { deserialize, serialize } from 'node:v8'
import { parse, stringify } from 'devalue'
import { RaincheckError } from '../words/errors.js'
import { kindOf } from './value-kind.js'
import { whyUnstorable } from './why-unstorable.js'

/** Turns values into text and back. All processes on one store need the same. */
export interface Serializer {
  /** @throws when the value cannot be written; the message should name the place in the value. */
  stringify(value: unknown): string
  /** Undoes `stringify`. */
  parse(text: string): unknown
}

/**
 * Keeps Date, Map, Set, BigInt, URL, RegExp, Buffer, typed arrays, Error, undefined, NaN, -0 and cycles. devalue can write all
 * of these, but takes 60 ms for a megabyte of small parts, which must not hold up the event loop for longer than 10: most
 * values are plain JSON, and nearly all others are what structured clone keeps.
 */
export const defaultSerializer: Serializer = {
  stringify(value) {
    try {
      const kind = kindOf(value)
      if (kind === 'json') return JSON_MARK + JSON.stringify(value)
      return (kind === 'cloneable' ? cloned(value) : undefined) ?? stringify(value, reducers)
    } catch (error) {
      throw unstorable(value, error)
    }
  },
  parse(text) {
    if (text.startsWith(JSON_MARK)) return JSON.parse(text.slice(1))
    return text.startsWith(CLONE_MARK)
      ? deserialize(Buffer.from(text.slice(1), 'base64'))
      : parse(text, revivers)
  },
}

/** devalue's texts begin with a bracket, a digit or a minus. */
const JSON_MARK = 'j'
const CLONE_MARK = 'c'

/** Undefined for what looks like plain data, but is a proxy. */
function cloned(value: unknown): string | undefined {
  try {
    return CLONE_MARK + serialize(value).toString('base64')
  } catch {
    return undefined
  }
}

// A reducer that answers something falsy means "not mine", so each wraps what it has in an array.
const reducers = {
  Subclass: (value: unknown) => {
    // Looked up each time: fake timers put another Date in the place of this one.
    const base = [Map, Set, Date, RegExp, URL].find((type) => value instanceof type)
    if (base && Object.getPrototypeOf(value) !== base.prototype)
      throw new TypeError('its own part would be lost')
  },
  Buffer: (value: unknown) => Buffer.isBuffer(value) && [value.toString('base64')],
  Error: (value: unknown) => value instanceof Error && [value.name, value.message, errorProperties(value)],
}

const revivers = {
  Buffer: ([base64]: [string]) => Buffer.from(base64, 'base64'),
  Error: ([name, message, properties]: [string, string, Record<string, unknown>]) => {
    const error = makeError[name]?.(message) ?? new Error(message)
    const { stack, cause, errors, ...own } = properties
    // These are not enumerable on any Error; what the thrower added is.
    const hidden = {
      ...{ name, stack },
      ...('cause' in properties ? { cause } : {}),
      ...('errors' in properties ? { errors } : {}),
    }
    for (const [key, value] of Object.entries(hidden))
      if (Reflect.get(error, key) !== value)
        Object.defineProperty(error, key, { value, configurable: true, writable: true })
    Object.assign(error, own)
    return error
  },
}

const makeError: Record<string, (message: string) => Error> = {
  AggregateError: (message) => new AggregateError([], message),
  EvalError: (message) => new EvalError(message),
  RangeError: (message) => new RangeError(message),
  ReferenceError: (message) => new ReferenceError(message),
  SyntaxError: (message) => new SyntaxError(message),
  TypeError: (message) => new TypeError(message),
  URIError: (message) => new URIError(message),
}

function errorProperties(error: Error): Record<string, unknown> {
  return {
    ...error,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: error.cause }),
    ...(error instanceof AggregateError ? { errors: error.errors } : {}),
  }
}

function unstorable(value: unknown, cause: unknown): RaincheckError {
  const why = whyUnstorable('value', value, 'be stored')
  return new RaincheckError(
    'INVALID_VALUE',
    `${why}; return plain data, or give createRaincheck a \`serializer\``,
    { cause },
  )
}
