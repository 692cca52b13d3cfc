import type { FunctionSpec } from '../options/function-options.js'
import type { Ref } from '../words/ref.js'
import type { LiveTask } from './live-task.js'

/** What this process knows of tasks by itself. Nobody else changes these maps. */
export class Registry {
  /** Until what they came to is stored or given up. */
  readonly #tasks = new Map<Ref, LiveTask>()
  /** Those that calls may join, by key text. */
  readonly #byKey = new Map<string, LiveTask>()
  /** The functions of instances whose tasks wait in the store for answers: nobody else may hold them. */
  readonly #asking = new Map<Ref, FunctionSpec>()
  readonly #lease: { drop(): void } | undefined

  /** @param lease By which tasks in a shared store are held. */
  constructor(lease: { drop(): void } | undefined) {
    this.#lease = lease
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
    this.#asking.delete(task.ref)
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

  /** Removes a task that waits for answers. Its function is held until it goes on here, is cancelled here or is removed. */
  removeAsking(task: LiveTask): void {
    const { spec } = task.origin
    if (spec.instance !== '') this.#asking.set(task.ref, spec)
    this.remove(task)
  }

  /** Tasks that may have waited for answers have ended. */
  endAsking(tasks: readonly { ref: Ref }[]): void {
    if (this.#asking.size > 0) for (const { ref } of tasks) this.#asking.delete(ref)
  }

  /** Calls for its key do not join the task any more. Another task may have the key by now. */
  freeKey(task: LiveTask): void {
    const { keyText } = task.origin
    if (this.#byKey.get(keyText) === task) this.#byKey.delete(keyText)
  }

  /** The same for good: what the task comes to answers its key no more than a call that joins it. */
  forgetTask(task: LiveTask): void {
    task.forgotten = true
    this.freeKey(task)
  }
}
