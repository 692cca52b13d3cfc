import type { Serializer } from './values/serializer.js'
import type { ValueStore } from './values/value-store.js'
import type { TaskBackend } from './words/backend.js'
import type { TaskStore } from './words/task-store.js'

/** What `createRaincheck` puts together. */
export interface Parts {
  app: string
  tasks: TaskStore
  values: ValueStore
  /** Frees what the stores hold. */
  closeStores(): Promise<void>
  serializer: Serializer
  backend: TaskBackend
  /** Gives a function's own backend the limits of this raincheck. @throws when it cannot keep them. */
  adopt(backend: TaskBackend): void
  retention: number
  maxEntries: number
  memoryTtl: number
  /** Where other processes find the functions: `bundled`, or the path of a config file. */
  config: string | undefined
}
