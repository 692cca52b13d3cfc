import { types } from 'node:util'

/**
 * A deep copy of plain data, so that what the caller does to an input after the call changes neither key nor work. Input that has
 * anything else in it, such as an instance of a class, is returned as it is.
 */
export function copyOf(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  try {
    return copy(input, 0)
  } catch (error) {
    if (error instanceof Uncopyable) return input
    throw error
  }
}

class Uncopyable extends Error {}

/** Deeper than any data that people write; a cycle gets there at once. */
const DEEPEST = 500

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'function' || depth > DEEPEST) throw new Uncopyable()
  if (typeof value !== 'object' || value === null) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return copyOther(value, prototype, depth + 1)
  const copied: Record<string, unknown> = prototype === null ? Object.create(null) : {}
  for (const key of Object.keys(value)) {
    const item = copy((value as Record<string, unknown>)[key], depth + 1)
    // An assignment would change the prototype.
    if (key === '__proto__') Object.defineProperty(copied, key, { ...writable, value: item })
    else copied[key] = item
  }
  return copied
}

const writable = { configurable: true, enumerable: true, writable: true }

function copyOther(value: object, prototype: unknown, depth: number): unknown {
  if (prototype === Array.prototype) return Array.from(value as unknown[], (item) => copy(item, depth))
  if (prototype === Map.prototype)
    return new Map(
      Array.from(value as Map<unknown, unknown>, ([key, item]) => [copy(key, depth), copy(item, depth)]),
    )
  if (prototype === Set.prototype)
    return new Set(Array.from(value as Set<unknown>, (item) => copy(item, depth)))
  return copyLeaf(value, prototype)
}

/** By prototype: nothing would be kept of a subclass that makes it one. */
function copyLeaf(value: object, prototype: unknown): unknown {
  if (Buffer.isBuffer(value) && prototype === Buffer.prototype) return Buffer.from(value)
  if (prototype === Date.prototype && types.isDate(value)) return new Date(value)
  if (prototype === URL.prototype) return new URL(value as URL)
  if (prototype === RegExp.prototype) return new RegExp(value as RegExp)
  if (
    ArrayBuffer.isView(value) &&
    value.constructor !== Buffer &&
    Object.hasOwn(globalThis, value.constructor.name)
  )
    return cloned(value)
  throw new Uncopyable()
}

/** The bytes may be gone: a buffer that was transferred has none. */
function cloned(value: object): unknown {
  try {
    return structuredClone(value)
  } catch {
    throw new Uncopyable()
  }
}
