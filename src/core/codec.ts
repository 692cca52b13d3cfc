import { DevalueError, parse, stringify } from 'devalue'
import { RaincheckError } from './errors.js'
import { isPlainJson } from './plain-json.js'

/** Turns values into text and back. The built-in one keeps the types that R13 of the design names. */
export interface Serializer {
  /** @throws when the value cannot be written; the message should name the place in the value. */
  stringify(value: unknown): string
  parse(text: string): unknown
}

/**
 * Keeps Date, Map, Set, BigInt, URL, RegExp, Buffer, typed arrays, Error, undefined, NaN, -0 and cycles. What is plain JSON
 * is written as such, which takes a tenth of the time: a megabyte must not hold up the event loop.
 */
export const defaultSerializer: Serializer = {
  stringify(value) {
    if (isPlainJson(value)) return JSON_MARK + JSON.stringify(value)
    try {
      return stringify(value, reducers)
    } catch (error) {
      throw error instanceof DevalueError ? unstorable(error) : error
    }
  },
  parse: (text) => (text.startsWith(JSON_MARK) ? JSON.parse(text.slice(1)) : parse(text, revivers)),
}

/** devalue's texts begin with a bracket, a digit or a minus. */
const JSON_MARK = 'j'

// A reducer that answers something falsy means "not mine", so each wraps what it has in an array.
const reducers = {
  Buffer: (value: unknown) => Buffer.isBuffer(value) && [value.toString('base64')],
  Error: (value: unknown) => value instanceof Error && [value.name, value.message, errorProperties(value)],
}

const revivers = {
  Buffer: ([base64]: [string]) => Buffer.from(base64, 'base64'),
  Error: ([name, message, properties]: [string, string, Record<string, unknown>]) => {
    const error = new (errorClasses[name] ?? Error)(message)
    const { stack, cause, ...own } = properties
    // These three are not enumerable on any Error; what the thrower added is.
    const hidden = { name, stack, ...('cause' in properties ? { cause } : {}) }
    for (const [key, value] of Object.entries(hidden))
      if (Reflect.get(error, key) !== value)
        Object.defineProperty(error, key, { value, configurable: true, writable: true })
    Object.assign(error, own)
    return error
  },
}

const errorClasses: Record<string, new (message: string) => Error> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

function errorProperties(error: Error): Record<string, unknown> {
  return { ...error, stack: error.stack, ...(error.cause === undefined ? {} : { cause: error.cause }) }
}

function unstorable(error: DevalueError): RaincheckError {
  const reason = error.message.replace(/^Cannot stringify /, '').replace(/ \(.*$/s, '')
  return new RaincheckError(
    'INVALID_VALUE',
    `value${error.path ?? ''} cannot be stored: ${reason}; return plain data, or give createRaincheck a \`serializer\``,
    { cause: error },
  )
}
