import type { Keyv } from 'keyv'
import { END_OF_TIME } from '../words/duration.js'
import { RaincheckError } from '../words/errors.js'
import type { Ref } from '../words/ref.js'
import { withinDeadline } from '../words/timers.js'
import type { Serializer } from './serializer.js'

/** The results, in Keyv. */
export interface ValueStore {
  /** Keeps the text of a value until `expiresAt`. */
  set(ref: Ref, term: number, text: string, expiresAt: number): Promise<void>
  get(ref: Ref, term: number): Promise<{ value: unknown } | undefined>
  remove(tasks: readonly { ref: Ref; term: number }[]): Promise<void>
}

/** @param immediate Says that the Keyv waits for nothing, so that its calls need no deadline. */
export function createValueStore(keyv: Keyv, serializer: Serializer, immediate = false): ValueStore {
  // Keyv would otherwise answer `undefined` for a store that is down, as if the value had expired.
  keyv.throwOnErrors = true
  const set: ValueStore['set'] = (ref, term, text, expiresAt) => {
    const ttl = expiresAt >= END_OF_TIME ? undefined : Math.max(1, expiresAt - Date.now())
    return keyv.set(valueKey(ref, term), text, ttl).then(refuseFalse)
  }
  const get: ValueStore['get'] = async (ref, term) => {
    const key = valueKey(ref, term)
    const text: unknown = await keyv.get(key)
    if (text === undefined) return undefined
    if (typeof text === 'string') return { value: serializer.parse(text) }
    throw new RaincheckError(
      'STORE_UNAVAILABLE',
      `the store holds something else than a value of raincheck at ${key}`,
    )
  }
  const remove: ValueStore['remove'] = async (tasks) => {
    if (tasks.length > 0) await keyv.delete(tasks.map(({ ref, term }) => valueKey(ref, term)))
  }
  if (immediate) return { set, get, remove }
  return {
    set: limited(set),
    get: (...args) => withinDeadline('read a value', get(...args)),
    remove: (tasks) => withinDeadline('remove values', remove(tasks)),
  }
}

/** How many writes of one value may be unanswered: each holds its text, and clients that are offline gather them. */
const MOST_UNANSWERED = 3

function limited(set: ValueStore['set']): ValueStore['set'] {
  const unanswered = new Map<string, number>()
  return (ref, term, text, expiresAt) => {
    const key = valueKey(ref, term)
    const before = unanswered.get(key) ?? 0
    if (before >= MOST_UNANSWERED)
      return Promise.reject(new RaincheckError('STORE_UNAVAILABLE', 'the store still has not answered'))
    unanswered.set(key, before + 1)
    const written = set(ref, term, text, expiresAt).finally(() => {
      const left = (unanswered.get(key) ?? 1) - 1
      if (left > 0) unanswered.set(key, left)
      else unanswered.delete(key)
    })
    return withinDeadline('keep a value', written)
  }
}

/** Each term has its own key: an old owner that wakes must not write over its successor's value. */
export function valueKey(ref: Ref, term: number): string {
  return term === 1 ? `value:${ref}` : `value:${ref}:${term}`
}

/** Keyv may answer so instead of throwing. */
export function refuseFalse(isKept: boolean): void {
  if (!isKept) throw new RaincheckError('STORE_UNAVAILABLE', 'the store refused to keep a value')
}
