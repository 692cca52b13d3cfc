import { EventEmitter } from 'node:events'
import type { Progress } from './answer.js'
import type { ErrorInfo } from './errors.js'
import type { Ref } from './ref.js'

/** What every event of a task tells. */
export interface TaskFacts {
  ref: Ref
  /** Name of the function. */
  name: string
  title: string
  scope: string
}

/** What a raincheck tells those who listen, by name; of the tasks that this process runs. */
export interface EventMap {
  /** A call was answered from the store. */
  hit: [event: TaskFacts]
  /** A call began a task, since nothing stood for its key. */
  miss: [event: TaskFacts]
  /** The first attempt of a task runs. */
  start: [event: TaskFacts]
  /** A caller stopped waiting and got the ref. */
  handoff: [event: TaskFacts]
  /** The function told how far it is. */
  progress: [event: TaskFacts & { progress: Progress }]
  /** An attempt failed, and there will be another. `attempt` is the number of those that failed. */
  retry: [event: TaskFacts & { error: ErrorInfo; attempt: number }]
  /** The task has ended by a timeout or a cancel, and its function goes on all the same. */
  abandoned: [event: TaskFacts]
  complete: [event: TaskFacts]
  fail: [event: TaskFacts & { error: ErrorInfo }]
  cancel: [event: TaskFacts]
  /** A line that the function logged or, in a child process, printed. */
  log: [event: { ref: Ref; name: string; scope: string; line: string }]
  /** A store failed or ran past its deadline; the caller was served all the same where that was possible. */
  'store-error': [event: { error: Error; ref?: Ref }]
}

export type EventName = keyof EventMap

export type Events = EventEmitter<EventMap>

export function createEvents(): Events {
  return new EventEmitter<EventMap>()
}

/** Tells the facts of a task, which are put together only where somebody listens. */
export function tell(
  { events }: { events: Events },
  event: 'miss' | 'start' | 'complete' | 'cancel' | 'abandoned',
  task: { facts(): TaskFacts },
): void {
  if (events.listenerCount(event) > 0) events.emit(event, task.facts())
}
