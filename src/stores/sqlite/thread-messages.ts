import type { Row, Statement } from './connection.js'

/** What the thread is asked to do with a file. */
export interface Request {
  id: number
  file: number
  /** Opens the file at this path, runs statements, or closes it. */
  todo: { open: string } | { run: readonly Statement[] } | 'close'
}

/** What came of it: the rows, or why there are none. */
export type Reply = readonly [id: number, rows: Row[][] | undefined, failure?: string]

/** The thread of a process, as all copies of this package in it know it. */
export interface SqliteThread {
  /** Whether it has ended, or is given up. */
  readonly lost: boolean
  /** @returns The number of a file that is about to be opened. */
  enter(): number
  ask(request: Omit<Request, 'id'>): Promise<Row[][]>
  /** Takes back an `enter`, after which the thread ends where it has no other file. */
  leave(): Promise<void>
}
