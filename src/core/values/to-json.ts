/** Deeper than any data that people write. */
const DEEPEST = 500

/**
 * Writes a value as JSON, whatever is in it. What JSON has no form for: a BigInt is its digits, a Map a list of pairs, a Set a
 * list, bytes are base64, an Error its name and message, a RegExp its text. An object with a `toJSON`, such as a Date or a URL, is
 * what that returns; one of any other class its own fields. A cycle, and what nests deeper than 500, is the text `[circular]` or
 * `[too deep]`.
 * @param indent How many spaces each level is set in by; 0 is one line.
 */
export function toJson(value: unknown, indent = 0): string {
  // Most need no replacer, which takes twice as long. undefined would not be written at all.
  return JSON.stringify(value, isPlain(value, 0) ? undefined : replacer(), indent) ?? 'null'
}

/** Whether JSON has a form for all of it. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null)
    return typeof value !== 'bigint' && typeof value !== 'function'
  // A cycle gets there at once.
  if (depth >= DEEPEST) return false
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  for (const key in value) if (!isPlain(value[key as keyof typeof value], depth + 1)) return false
  return true
}

/** `this` has the value as it was before its own toJSON made something else of it. */
function replacer(): (this: object, key: string, written: unknown) => unknown {
  // What the value is in, from the outside in: as it is, and as it is written.
  const values: unknown[] = []
  const forms: unknown[] = []
  let depth = 0
  return function (key, written) {
    const value: unknown = this[key as keyof typeof this]
    const form = formOf(value, written)
    if (typeof form !== 'object' || form === null) return form
    while (depth > 0 && forms[depth - 1] !== this) depth--
    if (values.lastIndexOf(value, depth - 1) >= 0) return '[circular]'
    if (depth >= DEEPEST) return '[too deep]'
    values[depth] = value
    forms[depth++] = form
    return form
  }
}

function formOf(value: unknown, written: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return written
  if (value instanceof Map || value instanceof Set) return [...value]
  if (value instanceof Error) return { name: value.name, message: value.message }
  if (value instanceof RegExp) return String(value)
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('base64')
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return written
}
