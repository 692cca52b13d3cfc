import type { CompleteAnswer } from './answer.js'
import type { Ref } from './ref.js'

/** What answers the calls of a key from memory. */
export interface Hit {
  answer: CompleteAnswer<unknown> | CachedError
  /** In milliseconds since 1970. */
  until: number
}

/** An error that `errorTtl` keeps. */
export interface CachedError {
  status: 'failed'
  ref: Ref
  name: string
  title: string
  /** As it was thrown, where that was in this process. */
  thrown: unknown
}

/** The answers that calls get from memory, at most one for each key. */
export interface Hits {
  hit(keyText: string): Hit | undefined
  remember(keyText: string, hit: Hit): void
  forgetKey(keyText: string): void
  /** Forgets the answers of tasks that are removed from the store. */
  forgetTasks(tasks: readonly { ref: Ref }[]): void
}
