import { readFileSync } from 'node:fs'

/** What the PID file holds. */
export interface WorkerIdentity {
  pid: number
  version: string
  /** The newest format of records that it knows. Versions before format 4 do not tell. */
  format?: number
  /** Milliseconds since 1970. */
  startedAt: number
  /** What it holds tasks by; when the lock is free they are nobody's, without waiting for a lease. */
  owners: string[]
}

/** Who the worker of a store is, or was; undefined when there was none. */
export async function readIdentity(path: string): Promise<WorkerIdentity | undefined> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as WorkerIdentity
  } catch {
    return undefined
  }
}
