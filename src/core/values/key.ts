import { hash } from 'node:crypto'
import { types } from 'node:util'
import { RaincheckError } from '../words/errors.js'
import { pathTo } from './path-to.js'

/**
 * Writes an input as one text: equal inputs give equal texts whatever the order of their keys, and inputs of
 * different types never do (`1` and `'1'`, a Date and its ISO text). A property that is undefined counts as absent.
 * @param what Name of the value in error messages.
 * @throws RaincheckError `INVALID_INPUT` with the path of what has no content to compare: functions, symbols,
 *   instances of classes, cycles.
 */
export function canonicalText(value: unknown, what = 'input'): string {
  try {
    return encode(value, 0)
  } catch (error) {
    if (!(error instanceof Unkeyable)) throw error
    throw new RaincheckError(
      'INVALID_INPUT',
      `${what}${pathTo(value, error.thing)} ${error.reason}, which no key can be made of; ` +
        'give the function a `key` that picks what tells calls apart',
    )
  }
}

/** Shortens a text to a fixed size, with no known collisions (SHA-256). */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url')
}

/** The key of a record. In a shared store it is of one length and tells nothing; in this process the text itself does. */
export function storeKey({ shared }: { shared: boolean }, keyText: string): string {
  return shared ? digest(keyText) : keyText
}

/** Deeper than any data that people write; a cycle gets there at once. */
const DEEPEST = 500

/** Names the culprit, not its place: keeping the path would cost every call what only a wrong one needs. */
class Unkeyable extends Error {
  readonly thing: unknown
  readonly reason: string

  constructor(thing: unknown, reason: string) {
    super(reason)
    this.thing = thing
    this.reason = reason
  }
}

function encode(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'bigint':
      return `${value}n`
    case 'object':
      return value === null ? 'null' : encodeObject(value, depth)
    default:
      throw new Unkeyable(value, `is a ${typeof value}`)
  }
}

function encodeObject(value: object, depth: number): string {
  if (depth > DEEPEST) throw new Unkeyable(value, 'contains itself, or nests too deeply')
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null)
    return encodeProperties(value as Record<string, unknown>, depth + 1)
  if (prototype === Array.prototype) return `[${encodeItems(value as unknown[], depth + 1).join()}]`
  if (prototype === Map.prototype)
    return encodeUnordered('Map', [...(value as Map<unknown, unknown>)], depth + 1)
  if (prototype === Set.prototype) return encodeUnordered('Set', [...(value as Set<unknown>)], depth + 1)
  return encodeLeaf(value, prototype)
}

function encodeProperties(value: Record<string, unknown>, depth: number): string {
  let text = '{'
  const keys = Object.keys(value)
  if (keys.length > 1) sort(keys)
  for (const key of keys) {
    const item = value[key]
    if (item !== undefined) text += `${quoted(key)}${encode(item, depth)},`
  }
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw new Unkeyable(value, 'has a property named by a symbol')
  return `${text}}`
}

/** Few keys are sorted by insertion, which takes a third of the time that `sort` does. */
function sort(keys: string[]): void {
  if (keys.length > FEW_KEYS) keys.sort()
  else insertInOrder(keys)
}

function insertInOrder(keys: string[]): void {
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end] as string
    let at = end
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string
    keys[at] = key
  }
}

const FEW_KEYS = 16

/** A key as it is written, with its colon. Inputs of one function have the same few keys again and again. */
const quotedKeys = new Map<string, string>()
const QUOTED_KEYS = 1_000

function quoted(key: string): string {
  const found = quotedKeys.get(key)
  if (found !== undefined) return found
  const text = `${JSON.stringify(key)}:`
  if (quotedKeys.size < QUOTED_KEYS) quotedKeys.set(key, text)
  return text
}

function encodeItems(items: readonly unknown[], depth: number): string[] {
  // Not map(), which would leave holes out.
  return Array.from(items, (item) => encode(item, depth))
}

function encodeUnordered(type: string, items: readonly unknown[], depth: number): string {
  return `${type}[${encodeItems(items, depth).sort().join()}]`
}

/** Objects whose content is not in properties. By prototype: a subclass may add what is not seen here. */
function encodeLeaf(value: object, prototype: unknown): string {
  if (prototype === Date.prototype && types.isDate(value)) return `Date(${value.getTime()})`
  if (prototype === URL.prototype) return `URL(${JSON.stringify((value as URL).href)})`
  if (prototype === RegExp.prototype) return `RegExp(${JSON.stringify(String(value))})`
  if (ArrayBuffer.isView(value) && byteViews.has(prototype)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    return `${value.constructor.name}(${hash('sha256', bytes, 'base64url')},${bytes.length})`
  }
  throw new Unkeyable(value, `is an instance of ${value.constructor?.name || 'a class without a name'}`)
}

const byteViews = new Set<unknown>(
  [
    ...[Buffer, DataView, Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array, BigUint64Array],
    ...[Int8Array, Int16Array, Int32Array, BigInt64Array, Float32Array, Float64Array],
  ].map((type) => type.prototype),
)
