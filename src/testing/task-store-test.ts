import type { Ref } from '../core/words/ref.js'
import type { TaskStore } from '../core/words/task-store.js'

/** What one test gets: an empty store. */
export interface TaskStoreFixture {
  store: TaskStore
  /** For a shared store: opens another connection to the same records. */
  another?: () => TaskStore | Promise<TaskStore>
  /** For a store that keeps values: reads one as a raincheck on it would. */
  readValue?: (ref: Ref, term: number) => Promise<unknown>
  /** Called after each test. */
  cleanUp(): void | Promise<void>
}

/** Registers one test of the contract. */
export type StoreTest = (
  what: string,
  body: (store: TaskStore, fixture: TaskStoreFixture) => Promise<void>,
) => void
