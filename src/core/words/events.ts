import { EventEmitter } from 'node:events'
import type { Progress } from './answer.js'
import type { ErrorInfo } from './errors.js'
import type { Ref } from './ref.js'

/** What every event of a task tells. */
export interface TaskFacts {
  /** Tells nothing of what the task came to: a poll does. */
  ref: Ref
  /** Name of the function. */
  name: string
  /** One line for people that tells this task from others of the same function. */
  title: string
  /** The option `metadata` of the call that began it. Absent if there was none. */
  metadata?: unknown
  /** '' where the call had none. */
  scope: string
}

/**
 * What a raincheck tells those who listen, by name: of calls that this process makes, and tasks that it runs. A listener that
 * throws makes an uncaught error of its own, and disturbs nothing else.
 */
export interface EventMap {
  /** A call was answered from the store, by a value or by a cached error. */
  hit: TaskFacts
  /** A call began a task, since nothing stood for its key. */
  miss: TaskFacts
  /** The first attempt of a task runs. */
  start: TaskFacts
  /** A caller stopped waiting and got the ref. */
  handoff: TaskFacts
  /** The function told how far it is. */
  progress: TaskFacts & { progress: Progress }
  /** An attempt failed, and there will be another. `attempt` is the number of those that failed. */
  retry: TaskFacts & { error: ErrorInfo; attempt: number }
  /** The task has ended by a timeout or a cancel, and its function goes on all the same. */
  abandoned: TaskFacts
  /** The function asked what it needs an answer to, and its run has ended. */
  ask: TaskFacts & { requests: Readonly<Record<string, unknown>> }
  /** The task has its value, which may not be stored yet. */
  complete: TaskFacts
  /** The last attempt failed, or a timeout or a close ended the task. */
  fail: TaskFacts & { error: ErrorInfo }
  /** The task was cancelled. */
  cancel: TaskFacts
  /** A line that the function logged or, in a child process, printed. */
  log: { ref: Ref; name: string; scope: string; line: string }
  /**
   * A store failed or ran past its deadline, or a value could not be kept: it cannot be stored, or its `ttl` returned no duration. The caller was
   * served all the same where that was possible. With the code `STORE_LOST`: the store was deleted, replaced or flushed under this process.
   */
  'store-error': { error: Error; ref?: Ref }
}

export type EventName = keyof EventMap

export const eventNames: readonly EventName[] = [
  ...(['hit', 'miss', 'start', 'handoff', 'progress', 'retry', 'abandoned', 'ask'] as const),
  ...(['complete', 'fail', 'cancel', 'log', 'store-error'] as const),
]

/** Tells those who listen. One that throws is an uncaught error of its own; the task that it heard of goes on. */
export class Events {
  // Each caller that follows its task listens: many do no harm, and Node would print a warning.
  readonly #emitter = new EventEmitter().setMaxListeners(0)

  /** @returns Ends that. */
  on<E extends EventName>(name: E, listener: (event: EventMap[E]) => void): () => void {
    this.#emitter.on(name, listener)
    return () => void this.#emitter.off(name, listener)
  }

  /** Whether anybody listens, and an event is worth putting together. */
  hears(name: EventName): boolean {
    return this.#emitter.listenerCount(name) > 0
  }

  emit<E extends EventName>(name: E, event: EventMap[E]): void {
    if (!this.hears(name)) return
    for (const listener of this.#emitter.listeners(name))
      notify(listener as (event: EventMap[E]) => void, event)
  }
}

/** Calls a listener. What it throws is an uncaught error of its own, and disturbs nobody else. */
export function notify<T>(listener: (told: T) => void, told: T): void {
  try {
    listener(told)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
