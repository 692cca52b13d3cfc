import { RaincheckError } from '../core/words/errors.js'

/**
 * A value as JSON, also where it has types that JSON lacks: bytes become base64, a Map its entries, a Set a list, an Error
 * its name and message, a RegExp its text.
 * @throws RaincheckError `INVALID_VALUE` for a value that refers to itself.
 */
export function jsonText(value: unknown): string {
  try {
    // undefined would not be written at all.
    return JSON.stringify(value, plain) ?? 'null'
  } catch (cause) {
    throw new RaincheckError(
      'INVALID_VALUE',
      `the value cannot be written as JSON, as a tool result must be: ${(cause as Error).message}`,
      { cause },
    )
  }
}

/** `this` has the value as it was before its own toJSON made something else of it. */
function plain(this: unknown, key: string, written: unknown): unknown {
  const value: unknown = Object(this)[key]
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return written
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('base64')
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  if (value instanceof Map) return [...value]
  if (value instanceof Set) return [...value]
  if (value instanceof RegExp) return String(value)
  if (value instanceof Error) return { name: value.name, message: value.message }
  return written
}
