import QuickLRU from 'quick-lru'
import type { Hit, Hits } from '../words/hits.js'
import type { Ref } from '../words/ref.js'

/** The hits that were used last, of values from a store outside of this process. */
export class RecentHits implements Hits {
  readonly #hits: QuickLRU<string, Hit>
  /** The keys of hits, by the refs of their answers. */
  readonly #keys = new Map<Ref, string>()

  /** @param max How many are kept at most; at least half as many are. */
  constructor(max: number) {
    // Up to twice its `maxSize` are kept.
    const onEviction = (_keyText: string, { answer }: Hit) => void this.#keys.delete(answer.ref)
    this.#hits = new QuickLRU({ maxSize: Math.ceil(max / 2), onEviction })
  }

  hit(keyText: string): Hit | undefined {
    return this.#hits.get(keyText)
  }

  remember(keyText: string, hit: Hit): void {
    this.forgetKey(keyText)
    this.#hits.set(keyText, hit)
    this.#keys.set(hit.answer.ref, keyText)
  }

  forgetKey(keyText: string): void {
    const hit = this.#hits.peek(keyText)
    if (hit && this.#hits.delete(keyText)) this.#keys.delete(hit.answer.ref)
  }

  clear(): void {
    this.#hits.clear()
    this.#keys.clear()
  }

  forgetTasks(tasks: readonly { ref: Ref }[]): void {
    for (const { ref } of tasks) {
      const key = this.#keys.get(ref)
      if (key !== undefined) this.forgetKey(key)
    }
  }
}
