import type { CompleteAnswer } from './answer.js'
import type { Ref } from './ref.js'

/** A fresh answer in memory. */
export interface Hit {
  answer: CompleteAnswer<unknown>
  /** In milliseconds since 1970. */
  until: number
}

/** The answers that calls of a key get from memory, at most one for each key. */
export interface Hits {
  hit(keyText: string): Hit | undefined
  remember(keyText: string, hit: Hit): void
  forgetKey(keyText: string): void
  /** Forgets the answers of tasks that are removed from the store. */
  forgetTasks(tasks: readonly { ref: Ref }[]): void
}
