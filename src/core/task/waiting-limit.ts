import type { FunctionSpec } from '../options/function-options.js'
import type { TaskBackend } from '../words/backend.js'
import type { LiveTask } from './live-task.js'
import { callersSlot } from './nested-slot.js'

/** Counts the tasks of this process that wait for a slot, where `maxWaiting` limits them. */
export class WaitingLimit {
  readonly most: number
  readonly #backends: Iterable<TaskBackend>
  /** Tasks whose record is on its way: no backend knows of them yet. */
  readonly #starting = new Set<LiveTask>()

  /** @param backends All that are in use here. */
  constructor(most: number, backends: Iterable<TaskBackend>) {
    this.most = most
    this.#backends = backends
  }

  /** Whether one more task of a function would wait, and would be one too many. */
  isFull(spec: FunctionSpec, scope: string): boolean {
    // A nested call gets the slot of its caller.
    const room = (spec.backend.room?.(scope) ?? 0) + Number(callersSlot()?.canLend ?? false)
    if (this.#starting.size < room) return false
    let waiting = this.#starting.size - room
    for (const backend of this.#backends) waiting += backend.stats().waiting
    return waiting >= this.most
  }

  /** Counts a task that has begun, until a backend has it or it comes to nothing. */
  follow(task: LiveTask): void {
    if (task.phase !== 'starting') return
    this.#starting.add(task)
    void task.until(() => task.phase !== 'starting').then(() => this.admit(task))
  }

  /** From now on a backend counts it. */
  admit(task: LiveTask): void {
    this.#starting.delete(task)
  }
}
