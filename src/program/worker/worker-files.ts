import { basename, dirname, join } from 'node:path'
import { dataDirectory } from '../../stores/data-directory.js'

/** The files beside a store that belong to its worker. */
export interface WorkerFiles {
  /** Locked while a worker runs. */
  lock: string
  /** Tells people, and the next worker, who it is. */
  pid: string
  /** Exists while nothing is to be started. */
  paused: string
  /** What it printed. */
  log: string
}

export function workerFiles(store: string): WorkerFiles {
  const base = join(dirname(store), `${basename(store, '.db')}-worker`)
  return { lock: `${base}.lock`, pid: `${base}.pid`, paused: `${base}.paused`, log: `${base}.log` }
}

/** The log files of tasks, of all stores. */
export function logFolder(): string {
  return join(dataDirectory(), 'logs')
}
