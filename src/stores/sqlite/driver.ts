import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import type { Driver } from './connection.js'
import { connectHere, lock } from './node-connection.js'
import { shared } from './shared.js'
import { threadFile } from './thread-file.js'

/**
 * Node's own SQLite where there is one, else @keyv/sqlite. All of a process must use the same copy of SQLite: two break each other's locks
 * (POSIX).
 */
export function sqliteDriver(): Driver {
  if (!isBuiltin('node:sqlite')) return drivers.keyv
  return shared.threads && canStartThread() ? drivers.thread : drivers.mainThread
}

/** Keeps SQLite on the main thread of this process, for commands that end before a thread would have paid for itself. */
export function stayOnMainThread(): void {
  shared.threads = false
}

/** Whether Node allows it (`--permission`), and its file is there, which a bundler leaves behind. */
function canStartThread(): boolean {
  return process.permission?.has('worker') !== false && existsSync(threadFile)
}

/**
 * Each checkpoint waits for the disk and copies every page that has changed; with the default of 1,000 pages that takes half of the time of a
 * busy store. The file beside the database may grow to 16 MB between two. The cache of 8 MB is filled as needed.
 */
const settings = ['PRAGMA wal_autocheckpoint=4000', 'PRAGMA cache_size=-8000']

const ofNode = {
  name: 'node:sqlite',
  transactions: true,
  settings,
  load: async () => {},
  lock: async (path: string) => lock(path),
}

// What is not needed by all loads by its first use.
export const drivers = {
  /** @keyv/sqlite. */
  keyv: {
    name: '@keyv/sqlite',
    transactions: false,
    settings: [],
    load: async () => (await import('./keyv-connection.js')).load(),
    connect: async (path) => (await import('./keyv-connection.js')).connect(path),
    lock: async (path) => (await import('./keyv-connection.js')).lock(path),
  },
  /** Node's own SQLite, in the one thread that all files of a process share. */
  thread: {
    ...ofNode,
    connect: async (path) => (await import('./thread-connection.js')).connectInThread(path),
  },
  /** Node's own SQLite, which holds up the loop while it works. */
  mainThread: {
    ...ofNode,
    connect: async (path) => connectHere(path),
  },
} as const satisfies Record<string, Driver>
