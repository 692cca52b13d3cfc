/** Deeper than any data that people write. */
const DEEPEST = 500

/**
 * Writes a value as JSON. What that has no form for: a Date is its ISO text, a BigInt its digits, a Map a list of pairs, a
 * Set a list, bytes are base64, an Error its name and message, a URL or RegExp its text; a cycle, and what nests deeper
 * than 500, is the text `[circular]` or `[too deep]`.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(plain(value, new Set())) ?? 'null'
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
