/**
 * How a value can be written. `json`: JSON gives it back as it is. `cloneable`: Node's structured clone does. `other`: it has
 * something in it that neither keeps, or says nothing of when it drops it.
 */
export type ValueKind = 'json' | 'cloneable' | 'other'

/** Looks at every part of a value, which costs a fraction of writing it. */
export function kindOf(value: unknown): ValueKind {
  if (isPlain(value, new Set())) return 'json'
  return isCloneable(value, { left: MOST_PARTS }, 0) ? 'cloneable' : 'other'
}

/** JSON is the quicker for few parts, and structured clone, which needs no look for shared ones, for many. */
const MOST_JSON_PARTS = 1_000

/** Far more than a value of some megabytes has. */
const MOST_PARTS = 1_000_000

/** Deeper than any data that people write; a cycle gets there at once. */
const DEEPEST = 500

/** @param seen Objects so far: one that comes again is shared, or a cycle, which JSON cannot tell. */
function isPlain(value: unknown, seen: Set<object>): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      return value === null || isPlainObject(value, seen)
    default:
      return false
  }
}

function isPlainObject(value: object, seen: Set<object>): boolean {
  if (seen.has(value) || seen.size === MOST_JSON_PARTS) return false
  seen.add(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Array.prototype) return areItemsPlain(value as unknown[], seen)
  if (prototype !== Object.prototype || Object.getOwnPropertySymbols(value).length > 0) return false
  for (const key of Object.keys(value))
    if (key === '__proto__' || !isPlain((value as Record<string, unknown>)[key], seen)) return false
  return true
}

/** By index, since holes are no items of JSON. */
function areItemsPlain(items: readonly unknown[], seen: Set<object>): boolean {
  for (let index = 0; index < items.length; index++) if (!isPlain(items[index], seen)) return false
  return true
}

interface Parts {
  left: number
}

function isCloneable(value: unknown, parts: Parts, depth: number): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false
  if (typeof value !== 'object' || value === null) return true
  if (depth > DEEPEST || --parts.left < 0) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype)
    return areCloneable(Object.values(value), parts, depth) && isOnlyData(value)
  if (prototype === Array.prototype || prototype === Set.prototype)
    return areCloneable(value as Iterable<unknown>, parts, depth)
  if (prototype === Map.prototype) {
    const map = value as Map<unknown, unknown>
    return areCloneable(map.keys(), parts, depth) && areCloneable(map.values(), parts, depth)
  }
  return cloneableLeaves.has(prototype)
}

function areCloneable(items: Iterable<unknown>, parts: Parts, depth: number): boolean {
  for (const item of items) if (!isCloneable(item, parts, depth + 1)) return false
  return true
}

function isOnlyData(value: object): boolean {
  return Object.getOwnPropertySymbols(value).length === 0 && !Object.hasOwn(value, '__proto__')
}

/** By prototype: of an instance of a subclass nothing would be kept that makes it one. */
const cloneableLeaves = new Set<unknown>(
  [
    ...[Date, ArrayBuffer, Buffer, DataView, Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array],
    ...[BigUint64Array, Int8Array, Int16Array, Int32Array, BigInt64Array, Float32Array, Float64Array],
  ].map((type) => type.prototype),
)
