import { type Deferred, deferred } from '../../core/words/deferred.js'
import { BUSY_TIMEOUT_MS, isBusy } from './busy.js'
import type { Connection, Row, Statement } from './connection.js'
import { Database } from './node-sqlite.js'

/** How long SQLite itself waits for a lock, in milliseconds: meanwhile its thread does nothing else. */
const BUSY_INSIDE_MS = 10

/** After so many milliseconds it is tried again, in which others read. */
const TRY_AGAIN_MS = 5

/** A transaction takes in so many requests at most, and none after so many milliseconds: whoever reads waits for its end. */
const LARGEST = 500
const LONGEST_MS = 5

/** A connection on the main thread. */
export function connectHere(path: string): Connection {
  const connection = new NodeConnection(path)
  // A row of SQLite is an object without a prototype, unlike one that comes from a thread.
  const run = async (statements: readonly Statement[]) =>
    (await connection.run(statements)).map((rows) => rows.map((row) => ({ ...row })))
  return { lost: false, run, close: () => connection.close() }
}

export function lock(path: string): (() => Promise<void>) | undefined {
  const database = new Database(path, 1)
  try {
    database.all('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) return undefined
    throw error
  }
  return async () => database.close()
}

interface Asked extends Deferred<Row[][]> {
  statements: readonly Statement[]
  /** When it has waited for a lock long enough, in milliseconds since 1970. */
  until: number
}

/**
 * A file opened by Node's own SQLite, which holds up its thread while it works. Reads are done at once. Writes of one turn of the loop share a
 * transaction; where another connection has the lock they are tried again by a timer, in their order.
 */
export class NodeConnection {
  readonly #database: Database
  #waiting: Asked[] = []
  #isDue = false

  constructor(path: string) {
    this.#database = new Database(path, BUSY_INSIDE_MS)
  }

  run(statements: readonly Statement[]): Promise<Row[][]> {
    const asked = { statements, until: Date.now() + BUSY_TIMEOUT_MS, ...deferred<Row[][]>() }
    if (!isRead(statements) || !this.#alone(asked)) this.#waiting.push(asked)
    this.#goOn()
    return asked.promise
  }

  async close(): Promise<void> {
    // Comes last in the line.
    do await this.run([]).catch(() => {})
    while (this.#waiting.length > 0)
    try {
      this.#database.all('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // Whoever is in the way can do it, too.
    }
    this.#database.close()
  }

  #goOn(afterMs = 0): void {
    if (this.#isDue || this.#waiting.length === 0) return
    this.#isDue = true
    const work = () => {
      this.#isDue = false
      this.#work()
    }
    if (afterMs > 0) setTimeout(work, afterMs)
    else setImmediate(work)
  }

  #work(): void {
    const batch = this.#waiting.splice(0, LARGEST)
    try {
      const results = this.#transact(batch)
      for (const [at, rows] of results.entries()) batch[at]?.resolve(rows)
      this.#waiting.unshift(...batch.slice(results.length))
      this.#goOn()
    } catch (error) {
      if (isBusy(error)) this.#tryAgain(batch, error)
      else this.#oneByOne(batch, error)
    }
  }

  /** One that cannot be done must not cost the others. */
  #oneByOne(batch: readonly Asked[], error: unknown): void {
    if (batch.length === 1) batch[0]?.reject(error)
    else this.#waiting.unshift(...batch.filter((asked) => !this.#alone(asked)))
    this.#goOn()
  }

  /** @returns False where another connection is in the way. */
  #alone(asked: Asked): boolean {
    try {
      asked.resolve(this.#transact([asked])[0] as Row[][])
    } catch (error) {
      if (isBusy(error)) return false
      asked.reject(error)
    }
    return true
  }

  #tryAgain(batch: readonly Asked[], error: unknown): void {
    this.#waiting.unshift(...batch)
    const now = Date.now()
    for (const asked of this.#waiting) if (asked.until <= now) asked.reject(error)
    this.#waiting = this.#waiting.filter(({ until }) => until > now)
    this.#goOn(TRY_AGAIN_MS)
  }

  /** Does all of them in one transaction, or the first of them when they take long. @returns What those came to. */
  #transact(batch: readonly Asked[]): Row[][][] {
    const [first] = batch
    if (first && batch.length === 1 && first.statements.length < 2) return [this.#execute(first)]
    this.#database.all('BEGIN IMMEDIATE')
    try {
      const results: Row[][][] = []
      const until = performance.now() + LONGEST_MS
      for (const asked of batch) if (results.push(this.#execute(asked)) && performance.now() > until) break
      this.#database.all('COMMIT')
      return results
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  #execute({ statements }: Asked): Row[][] {
    return statements.map(([sql, parameters]) => this.#database.all(sql, parameters))
  }

  #rollBack(): void {
    try {
      this.#database.all('ROLLBACK')
    } catch {
      // After some errors, such as a full disk, SQLite has done so itself.
    }
  }
}

function isRead(statements: readonly Statement[]): boolean {
  return statements.length > 0 && statements.every(([sql]) => sql.startsWith('SELECT'))
}
