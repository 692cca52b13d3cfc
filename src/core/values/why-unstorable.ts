import { types } from 'node:util'

/**
 * Says why a value cannot be written, in words of our own: those of libraries say nothing to whoever made the value. The outermost part that is to
 * blame is named as one would write it in code; entries of a Map and a Set are counted.
 * @param what What the value is.
 * @param verb What cannot be done with it, such as `be stored`.
 */
export function whyUnstorable(what: string, value: unknown, verb: string): string {
  const { path, reason } = culpritOf(value) ?? { path: '', reason: 'it is too large, or cannot be read' }
  return `${what}${path} cannot ${verb}: ${reason}`
}

function culpritOf(value: unknown): { path: string; reason: string } | undefined {
  const seen = new Set<object>()
  const parts: Part[] = [{ value, step: '', parent: undefined, depth: 0 }]
  for (const part of parts) {
    if (isObject(part.value)) {
      if (seen.has(part.value)) continue
      seen.add(part.value)
    }
    const reason = wrongWith(part)
    if (reason !== undefined) return { path: pathOf(part), reason }
    for (const inner of partsOf(part)) parts.push(inner)
  }
  return undefined
}

/** Its path is in links: the paths of all the others would be made for nothing. */
interface Part {
  value: unknown
  /** What leads to it from the part that it is in. */
  step: string
  parent: Part | undefined
  depth: number
}

/** Deeper than any data that people write, and about as deep as a walk that calls itself gets. */
const DEEPEST = 1_000

/** A path is for people to read, in characters. */
const LONGEST_PATH = 200

/** In the place of what a getter throws. */
const UNREADABLE = Symbol('unreadable')

function pathOf(part: Part): string {
  const steps: string[] = []
  for (let at: Part | undefined = part; at; at = at.parent) steps.push(at.step)
  const path = steps.reverse().join('')
  return path.length <= LONGEST_PATH ? path : `${path.slice(0, LONGEST_PATH)}…`
}

function wrongWith({ value, depth }: Part): string | undefined {
  if (value === UNREADABLE) return 'its getter throws'
  if (typeof value === 'function') return 'it is a function'
  if (typeof value === 'symbol') return 'it is a symbol'
  if (!isObject(value)) return undefined
  if (depth > DEEPEST) return 'it nests too deeply'
  try {
    return wrongWithObject(value)
  } catch {
    return 'it is a proxy that throws'
  }
}

function wrongWithObject(value: object): string | undefined {
  if (types.isArrayBuffer(value) && isDetached(value)) return 'it is a detached ArrayBuffer'
  if (types.isPromise(value)) return 'it is a promise, which was not awaited'
  if (isLeaf(value) || value instanceof Error || Array.isArray(value)) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Map.prototype || prototype === Set.prototype) return undefined
  if (prototype !== Object.prototype && prototype !== null) return `it is an instance of ${classOf(value)}`
  if (Object.getOwnPropertySymbols(value).length > 0) return 'it has a property named by a symbol'
  return Object.keys(value).includes('__proto__') ? 'it has a property named __proto__' : undefined
}

/** Node 20 has no property that tells. */
function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    return new Uint8Array(buffer).length < 0
  } catch {
    return true
  }
}

/** What is kept as a whole. */
function isLeaf(value: object): boolean {
  if (types.isArrayBuffer(value)) return true
  if (ArrayBuffer.isView(value) || types.isBoxedPrimitive(value)) return !types.isSymbolObject(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  return [Date, RegExp, URL, URLSearchParams].some((type) => prototype === type.prototype)
}

function classOf(value: object): string {
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' ? name : 'a class without a name'
}

function partsOf(parent: Part): Part[] {
  const { value, depth } = parent
  const part = (step: string, inner: unknown): Part => ({ value: inner, step, parent, depth: depth + 1 })
  if (!isObject(value) || isLeaf(value)) return []
  // What an array has besides its items is not stored. By keys, since most of the items may be holes.
  if (Array.isArray(value))
    return Object.keys(value)
      .filter((key) => /^\d+$/.test(key))
      .map((key) => part(`[${key}]`, read(value, key)))
  if (value instanceof Set) return [...value].map((inner, at) => part(`[${at}]`, inner))
  if (value instanceof Map)
    return [...value].flatMap(([key, inner], at) => [
      part(`[${at}][0]`, key),
      part(isObject(key) ? `[${at}][1]` : `.get(${quoted(key)})`, inner),
    ])
  const hidden = value instanceof Error ? ['cause', 'errors'].filter((key) => Object.hasOwn(value, key)) : []
  return [...Object.keys(value), ...hidden].map((key) => part(stepTo(key), read(value, key)))
}

function stepTo(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${quoted(key)}]`
}

function read(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key)
  } catch {
    return UNREADABLE
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function quoted(key: unknown): string {
  return typeof key === 'string' ? JSON.stringify(key) : String(key)
}
