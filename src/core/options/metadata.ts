import { invalid, wrongOption } from '../words/check-option.js'

/** As UTF-8 text: it is shown wherever its task is. */
const LARGEST_BYTES = 4_096

/** Deeper than any data that people write; a cycle gets there at once. */
const DEEPEST = 500

/**
 * A copy of what a call says about its task, frozen: all answers of the task share it.
 * @throws RaincheckError `INVALID_OPTION` for what JSON has no form for, with its place, or what is too long.
 */
export function readMetadata(given: unknown): unknown {
  refuseUnlessJson('metadata', given, 0)
  const text = JSON.stringify(given)
  const bytes = Buffer.byteLength(text)
  if (bytes <= LARGEST_BYTES) return JSON.parse(text, (_, value) => Object.freeze(value))
  throw wrongOption(
    `metadata must be at most ${LARGEST_BYTES} bytes as JSON, got ${bytes}; put what is larger into the input, or where the function finds it`,
  )
}

function refuseUnlessJson(place: string, value: unknown, depth: number): void {
  if (depth > DEEPEST) throw wrongOption('metadata must be JSON, but it contains itself or nests too deeply')
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (typeof value !== 'object') throw notJson(place, value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Array.prototype)
    for (const [index, item] of (value as unknown[]).entries())
      refuseUnlessJson(`${place}[${index}]`, item, depth + 1)
  else if (prototype === Object.prototype || prototype === null) {
    // As absent, like everywhere in JSON.
    for (const [key, item] of Object.entries(value))
      if (item !== undefined) refuseUnlessJson(`${place}.${key}`, item, depth + 1)
  } else throw notJson(place, value)
}

function notJson(place: string, value: unknown): Error {
  const named = typeof value === 'object' ? Object(value).constructor?.name : undefined
  if (named)
    return wrongOption(`${place} must be JSON, got an instance of ${named}; give its text or its fields`)
  return invalid(place, 'JSON', value)
}
