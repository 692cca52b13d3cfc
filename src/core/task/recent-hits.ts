import { LRUCache } from 'lru-cache'
import type { Hit, Hits } from '../words/hits.js'
import type { Ref } from '../words/ref.js'

/** The hits that were used last, of values from a store outside of this process. */
export class RecentHits implements Hits {
  readonly #hits: LRUCache<string, Hit>
  /** The keys of hits, by the refs of their answers. */
  readonly #keys = new Map<Ref, string>()

  /** @param max How many are kept. */
  constructor(max: number) {
    this.#hits = new LRUCache<string, Hit>({
      max,
      dispose: ({ answer }) => void this.#keys.delete(answer.ref),
    })
  }

  hit(keyText: string): Hit | undefined {
    return this.#hits.get(keyText)
  }

  remember(keyText: string, hit: Hit): void {
    this.#hits.set(keyText, hit)
    this.#keys.set(hit.answer.ref, keyText)
  }

  forgetKey(keyText: string): void {
    this.#hits.delete(keyText)
  }

  clear(): void {
    this.#hits.clear()
  }

  forgetTasks(tasks: readonly { ref: Ref }[]): void {
    for (const { ref } of tasks) {
      const key = this.#keys.get(ref)
      if (key !== undefined) this.#hits.delete(key)
    }
  }
}
