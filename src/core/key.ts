import { hash } from 'node:crypto'
import { RaincheckError } from './errors.js'

/**
 * Writes an input as one text: equal inputs give equal texts whatever the order of their keys, and inputs of
 * different types never do (`1` and `'1'`, a Date and its ISO text). A property that is undefined counts as absent.
 * @param what Name of the value in error messages.
 * @throws RaincheckError `INVALID_INPUT` with the path of what has no content to compare: functions, symbols,
 *   instances of classes, cycles.
 */
export function canonicalText(value: unknown, what = 'input'): string {
  return encode(value, [what], [])
}

/** Shortens a text to a fixed size, with no known collisions (SHA-256). */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url')
}

type Path = (string | number)[]

function encode(value: unknown, path: Path, parents: object[]): string {
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
      return value === null ? 'null' : encodeObject(value, path, parents)
    default:
      throw refusal(path, `is a ${typeof value}`)
  }
}

function encodeObject(value: object, path: Path, parents: object[]): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (value instanceof Date) return `Date(${value.getTime()})`
  if (ArrayBuffer.isView(value)) return encodeBytes(value)
  if (parents.includes(value)) throw refusal(path, 'contains itself')
  parents.push(value)
  const text = encodeContainer(value, prototype, path, parents)
  parents.pop()
  return text
}

function encodeContainer(value: object, prototype: unknown, path: Path, parents: object[]): string {
  if (prototype === Object.prototype || prototype === null)
    return encodeProperties(value as Record<string, unknown>, path, parents)
  if (Array.isArray(value) && prototype === Array.prototype) return encodeItems('[', value, path, parents)
  if (value instanceof Set && prototype === Set.prototype)
    return encodeItems('Set[', [...value], path, parents, true)
  if (value instanceof Map && prototype === Map.prototype)
    return encodeItems('Map[', [...value], path, parents, true)
  if (value instanceof URL) return `URL(${JSON.stringify(value.href)})`
  if (value instanceof RegExp) return `RegExp(${JSON.stringify(String(value))})`
  const name = value.constructor?.name ?? 'a class'
  throw refusal(path, `is an instance of ${name}`)
}

function encodeProperties(value: Record<string, unknown>, path: Path, parents: object[]): string {
  let text = '{'
  for (const key of Object.keys(value).sort()) {
    const item = value[key]
    if (item === undefined) continue
    path.push(key)
    text += `${JSON.stringify(key)}:${encode(item, path, parents)},`
    path.pop()
  }
  return `${text}}`
}

function encodeItems(open: string, items: unknown[], path: Path, parents: object[], sorted = false): string {
  const texts: string[] = []
  for (let index = 0; index < items.length; index++) {
    path.push(index)
    texts.push(encode(items[index], path, parents))
    path.pop()
  }
  if (sorted) texts.sort()
  return `${open}${texts.join()}]`
}

function encodeBytes(view: ArrayBufferView): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  return `${view.constructor.name}(${digest(bytes.toString('latin1'))},${bytes.length})`
}

function refusal(path: Path, reason: string): RaincheckError {
  const place = path.reduce<string>(
    (text, step) => `${text}${typeof step === 'number' ? `[${step}]` : `.${step}`}`,
    '',
  )
  return new RaincheckError(
    'INVALID_INPUT',
    `${place.slice(1)} ${reason}, which no key can be made of; give the function a \`key\` that picks what tells calls apart`,
  )
}
