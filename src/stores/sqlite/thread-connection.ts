import { Worker } from 'node:worker_threads'
import { type Deferred, deferred } from '../../core/words/deferred.js'
import type { Connection, Row, Statement } from './connection.js'
import { Database } from './node-sqlite.js'
import { shared } from './shared.js'
import { threadFile } from './thread-file.js'
import type { Reply, Request, SqliteThread, Todo } from './thread-messages.js'

/** A thread that has something to do and says nothing for so many seconds is given up. Longer than it waits for a lock (4 s), and than a store call may take (5 s). */
const FROZEN_SECONDS = 6

/** Opens a file in the thread that all files of this process share. */
export async function connectInThread(path: string): Promise<Connection> {
  shared.thread ??= new Thread()
  const { thread } = shared
  const file = thread.enter()
  try {
    await thread.ask(file, { open: path })
  } catch (error) {
    await thread.leave()
    throw error
  }
  const reader = new Reader(path)
  return {
    get lost() {
      return thread.lost
    },
    run: (statements) => thread.ask(file, statements),
    find: (statement) => reader.find(statement),
    close: async () => {
      reader.close()
      if (!thread.lost) await thread.ask(file, 'close')
      await thread.leave()
    },
  }
}

/**
 * Reads on the main thread: a message there and back costs twice as much as what a poll reads. In WAL mode neither a writer nor a checkpoint is in
 * the way of a reader, and this one waits for nothing else.
 */
class Reader {
  readonly #path: string
  #database: Database | undefined

  constructor(path: string) {
    this.#path = path
  }

  find([sql, parameters]: Statement): Row[] | undefined {
    try {
      this.#database ??= new Database(this.#path, 0)
      return this.#database.all(sql, parameters)
    } catch {
      // The thread tries again, and tells what is wrong.
      return undefined
    }
  }

  close(): void {
    this.#database?.close()
  }
}

/** The thread of SQLite. It keeps the process alive only while something is under way. */
class Thread implements SqliteThread {
  readonly #worker: Worker
  readonly #underWay = new Map<number, Deferred<Row[][]>>()
  #outbox: Request[] = []
  #users = 0
  #lastFile = 0
  #lastId = 0
  #silentSeconds = 0
  #watch: NodeJS.Timeout | undefined
  lost = false

  constructor() {
    // With the options and variables of the process it would run its preloads (--require, NODE_OPTIONS), too.
    this.#worker = new Worker(threadFile, { name: 'raincheck-sqlite', execArgv: [], env: {} })
    this.#worker.on('message', (replies: readonly Reply[]) => this.#hear(replies))
    this.#worker.on('error', (error) => this.#lose(`failed: ${error.message}`))
    this.#worker.on('exit', () => this.#lose('has ended'))
    this.#worker.unref()
  }

  enter(): number {
    this.#users++
    return ++this.#lastFile
  }

  async leave(): Promise<void> {
    if (--this.#users > 0 || this.lost) return
    this.#lose('is closed')
    await this.#worker.terminate()
  }

  ask(file: number, todo: Todo): Promise<Row[][]> {
    const answer = deferred<Row[][]>()
    if (this.lost) answer.reject(lostError('has ended'))
    else this.#send([++this.#lastId, file, todo], answer)
    return answer.promise
  }

  #send(request: Request, answer: Deferred<Row[][]>): void {
    this.#underWay.set(request[0], answer)
    if (this.#underWay.size === 1) this.#hold()
    // What is asked for in this turn of the loop goes with it.
    if (this.#outbox.push(request) === 1) process.nextTick(() => this.#post())
  }

  #post(): void {
    const requests = this.#outbox
    this.#outbox = []
    if (!this.lost) this.#worker.postMessage(requests)
  }

  #hear(replies: readonly Reply[]): void {
    this.#silentSeconds = 0
    for (const [id, rows, failure] of replies) {
      const answer = this.#underWay.get(id)
      this.#underWay.delete(id)
      if (rows) answer?.resolve(rows)
      else answer?.reject(new Error(failure))
    }
    if (this.#underWay.size === 0) this.#letGo()
  }

  /** In steps of a second: after a sleep of the machine only one of them has passed. */
  #hold(): void {
    this.#worker.ref()
    this.#silentSeconds = 0
    this.#watch = setInterval(() => {
      if (++this.#silentSeconds >= FROZEN_SECONDS) this.#lose('does not answer')
    }, 1_000)
  }

  #letGo(): void {
    this.#worker.unref()
    clearInterval(this.#watch)
  }

  #lose(how: string): void {
    if (this.lost) return
    this.lost = true
    if (shared.thread === this) shared.thread = undefined
    this.#letGo()
    for (const { reject } of this.#underWay.values()) reject(lostError(how))
    this.#underWay.clear()
    // One that hangs in SQLite ends when that comes back.
    void this.#worker.terminate()
  }
}

function lostError(how: string): Error {
  return new Error(`the thread of SQLite ${how}; the next use starts another`)
}
