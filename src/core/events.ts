import { EventEmitter } from 'node:events'
import type { Progress } from './answer.js'
import type { Ref } from './ref.js'

/** What a raincheck tells those who listen, by name. */
export interface EventMap {
  /** A store failed or ran past its deadline; the caller was served all the same where that was possible. */
  'store-error': [event: { error: Error; ref?: Ref }]
  /** A task's function told how far it is. */
  progress: [event: { ref: Ref; name: string; title: string; progress: Progress }]
  /** A log line of a task's function. */
  log: [event: { ref: Ref; line: string }]
}

export type EventName = keyof EventMap

export type Events = EventEmitter<EventMap>

export function createEvents(): Events {
  return new EventEmitter<EventMap>()
}
