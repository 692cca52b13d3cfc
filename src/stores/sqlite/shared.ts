import type { Connection } from './connection.js'
import type { Place } from './place.js'
import type { SqliteThread } from './thread-messages.js'

/** What this process knows of its SQLite files. */
interface Shared {
  /** The open files, by device and inode. */
  readonly files: Map<string, SharedFile>
  /** Files are opened one after the other. */
  entering: Promise<unknown>
  /** Whether SQLite may have a thread of its own. */
  threads: boolean
  /** The thread of all files, while one is open in it. */
  thread: SqliteThread | undefined
}

/** A connection, and how many use it. */
export interface SharedFile {
  users: number
  readonly path: string
  readonly connecting: Promise<Connection>
  /** Once there is one. */
  connection: Connection | undefined
  /** Where it is, and what is beside it, once it is open. */
  places: readonly Place[]
  /** It is not at its path any more: whoever uses it opens what is there now. */
  isRetired: boolean
  /** Resolves when it is closed, once nobody uses it, or it is retired. */
  closed: Promise<void> | undefined
}

const name = Symbol.for('raincheck.sqlite')
const everywhere = globalThis as { [name]?: Shared }

/** One for all copies of this package in a process: a bundled command, and the config file that it loads, have one each. */
export const shared: Shared = everywhere[name] ?? {
  files: new Map(),
  entering: Promise.resolve(),
  threads: true,
  thread: undefined,
}
everywhere[name] = shared
