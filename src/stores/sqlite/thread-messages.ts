import type { Row, Statement } from './connection.js'

/** What the thread is to do with a file: open that at a path, run statements, or close it. */
export type Todo = { open: string } | readonly Statement[] | 'close'

/** An array: an object costs a message half as much again. */
export type Request = readonly [id: number, file: number, todo: Todo]

/** What came of it: the rows, or why there are none. */
export type Reply = readonly [id: number, rows: Row[][] | undefined, failure?: string]

/** The thread of a process, as all copies of this package in it know it. */
export interface SqliteThread {
  /** Whether it has ended, or is given up. */
  readonly lost: boolean
  /** @returns The number of a file that is about to be opened. */
  enter(): number
  ask(file: number, todo: Todo): Promise<Row[][]>
  /** Takes back an `enter`, after which the thread ends where it has no other file. */
  leave(): Promise<void>
}
