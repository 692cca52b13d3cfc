import type { DeserializedData } from 'keyv'
import { valueKey } from '../core/values/value-store.js'
import { END_OF_TIME } from '../core/words/duration.js'
import type { Ref } from '../core/words/ref.js'

/** What the keys of values begin with, by Keyv's own rule. */
export const NAMESPACE = 'raincheck'

/** A value is text already; to write it into JSON once more would escape a megabyte for nothing. */
export function serialize({ value, expires }: DeserializedData<unknown>): string {
  return `${expires ?? ''}:${value}`
}

export function deserialize<Value>(text: string): DeserializedData<Value> {
  const at = text.indexOf(':')
  const expires = at === 0 ? {} : { expires: Number(text.slice(0, at)) }
  return { value: text.slice(at + 1) as Value, ...expires }
}

/**
 * A value as Keyv would write it, for a store that writes it along with its record.
 * @returns Its key, its text, and when it expires: in so many milliseconds, '' for never.
 */
export function keptValue(
  ref: Ref,
  term: number,
  value: string,
  expires: number,
): [string, string, number | ''] {
  const key = `${NAMESPACE}:${valueKey(ref, term)}`
  if (expires >= END_OF_TIME) return [key, serialize({ value }), '']
  return [key, serialize({ value, expires }), Math.max(1, Math.ceil(expires - Date.now()))]
}
