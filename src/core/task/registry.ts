import { LRUCache } from 'lru-cache'
import type { CompleteAnswer } from '../words/answer.js'
import type { Ref } from '../words/ref.js'
import type { LiveTask } from './live-task.js'

/** What answers the calls of a key from memory. */
export interface Hit {
  answer: CompleteAnswer<unknown> | CachedError
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

/** What this process knows of tasks by itself. Nobody else changes these maps. */
export class Registry {
  /** Until what they came to is stored or given up. */
  readonly #tasks = new Map<Ref, LiveTask>()
  /** Those that calls may join, by key text. */
  readonly #byKey = new Map<string, LiveTask>()
  readonly #hits: LRUCache<string, Hit>
  /** The keys of hits, by the refs of their answers. */
  readonly #hitKeys = new Map<Ref, string>()
  readonly #lease: { drop(): void } | undefined

  /**
   * @param maxEntries How many answers are kept.
   * @param lease By which tasks in a shared store are held.
   */
  constructor(maxEntries: number, lease: { drop(): void } | undefined) {
    this.#lease = lease
    this.#hits = new LRUCache<string, Hit>({
      max: maxEntries,
      dispose: ({ answer }) => void this.#hitKeys.delete(answer.ref),
    })
  }

  get size(): number {
    return this.#tasks.size
  }

  all(): LiveTask[] {
    return [...this.#tasks.values()]
  }

  get(ref: Ref): LiveTask | undefined {
    return this.#tasks.get(ref)
  }

  byKey(keyText: string): LiveTask | undefined {
    return this.#byKey.get(keyText)
  }

  /** Adds a task that calls of its key join from now on. */
  add(task: LiveTask): void {
    this.#tasks.set(task.ref, task)
    this.#byKey.set(task.origin.keyText, task)
  }

  /** Adds one that was taken over: calls for its key find it in the store. */
  addTakenOver(task: LiveTask): void {
    this.#tasks.set(task.ref, task)
  }

  /** Removes a task that this process has nothing more to do with. The first time counts. */
  remove(task: LiveTask): void {
    if (task.isRemoved) return
    task.isRemoved = true
    this.freeKey(task)
    // This process may have taken the same task over again by now.
    if (this.#tasks.get(task.ref) === task) this.#tasks.delete(task.ref)
    if (task.record === 'ours') this.#lease?.drop()
  }

  /** Calls for its key do not join the task any more. Another task may have the key by now. */
  freeKey(task: LiveTask): void {
    const { keyText } = task.origin
    if (this.#byKey.get(keyText) === task) this.#byKey.delete(keyText)
  }

  hit(keyText: string): Hit | undefined {
    return this.#hits.get(keyText)
  }

  remember(keyText: string, hit: Hit): void {
    this.#hits.set(keyText, hit)
    this.#hitKeys.set(hit.answer.ref, keyText)
  }

  /** Forgets the answers of tasks that are removed from the store. */
  forget(tasks: readonly { ref: Ref }[]): void {
    for (const { ref } of tasks) {
      const key = this.#hitKeys.get(ref)
      if (key !== undefined) this.#hits.delete(key)
    }
  }
}
