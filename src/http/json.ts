/** Deeper than any data that people write. */
const DEEPEST = 500

/**
 * Writes a value as JSON. What that has no form for: a Date is its ISO text, a BigInt its digits, a Map a list of pairs, a
 * Set a list, bytes are base64, an Error its name and message, a URL or RegExp its text; a cycle, and what nests deeper
 * than 500, is the text `[circular]` or `[too deep]`.
 */
export function toJson(value: unknown): string {
  // To look through a megabyte takes a few milliseconds, to copy it some thirty.
  return JSON.stringify(isPlain(value, 0) ? value : plain(value, new Set())) ?? 'null'
}

/** Whether JSON has a form for all of it. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint'
  // A cycle gets there at once.
  if (depth >= DEEPEST) return false
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  for (const key in value) if (!isPlain(value[key as keyof typeof value], depth + 1)) return false
  return true
}

function plain(value: unknown, within: Set<object>): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (within.has(value)) return '[circular]'
  if (within.size >= DEEPEST) return '[too deep]'
  within.add(value)
  const made = plainObject(value, within)
  within.delete(value)
  return made
}

function plainObject(value: object, within: Set<object>): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, within))
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Map) return plain([...value], within)
  if (value instanceof Set) return plain([...value], within)
  if (value instanceof Error) return { name: value.name, message: value.message }
  if (value instanceof URL || value instanceof RegExp) return String(value)
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('base64')
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, within)]))
}
