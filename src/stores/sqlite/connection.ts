import type { RaincheckError } from '../../core/words/errors.js'

/** One statement, and its parameters. */
export type Statement = readonly [sql: string, parameters: readonly unknown[]]

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, unknown>>

/** An open SQLite file. */
export interface Connection {
  /** Whether it can never be used again, and the file has to be opened once more. */
  readonly lost: boolean
  /** Runs statements, as one transaction where the driver has `transactions`. @returns The rows of each. */
  run(statements: readonly Statement[]): Promise<Row[][]>
  /**
   * Reads a few small rows by an index, at once, where that is quicker than `run`.
   * @returns Undefined where that cannot be done now.
   */
  find?(statement: Statement): Row[] | undefined
  /** Closes it after everything it was asked for. */
  close(): Promise<void>
}

/** What opens SQLite files. */
export interface Driver {
  /** For people. */
  readonly name: string
  /** Whether several statements can be one transaction, which is gathered with others that are asked for meanwhile. */
  readonly transactions: boolean
  /** What each connection begins with. */
  readonly settings: readonly string[]
  /** Loads the package that it needs, if any. @throws RaincheckError `MISSING_PEER` */
  load(): Promise<unknown>
  connect(path: string): Promise<Connection>
  /**
   * Takes an exclusive transaction on a file, and keeps it.
   * @returns Ends it; undefined when another process has one.
   */
  lock(path: string): Promise<(() => Promise<void>) | undefined>
}

/** A SQLite file that is opened by its first use. */
export interface SqliteFile {
  /** Whether `run` makes one transaction of several statements. */
  readonly transactions: boolean
  /** Loads the driver and opens the file, where that is still to do. */
  open(): Promise<unknown>
  /** Calls back when the file turns out to be deleted or replaced. What is at its path now is opened, and made where nothing is. */
  onLost(listener: (error: RaincheckError) => void): void
  /** Whether the file that was opened is not at its path any more. Opens nothing. */
  isLost(): Promise<boolean>
  /** Looks whether the file and what belongs to it are where others find them. */
  look(): Promise<void>
  /** What ran in a file that was deleted or replaced runs again in what is at its path now. */
  run(statements: readonly Statement[]): Promise<Row[][]>
  /** Runs one statement. */
  query<Columns>(sql: string, parameters?: readonly unknown[]): Promise<Columns[]>
  /** Reads a few small rows by an index. @returns Undefined where there is no quicker way than `query`, or not now. */
  find<Columns>(sql: string, parameters: readonly unknown[]): Promise<Columns[] | undefined>
  close(): Promise<void>
}
