import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { RECORD_FORMAT } from '../../core/words/task-store.js'
import { pause } from '../../core/words/timers.js'
import { lockWithin, tryLock } from './lock.js'
import { limitLog } from './log-limit.js'
import { sweepLogsHourly } from './task-logs.js'
import { type WorkerFiles, workerFiles } from './worker-files.js'
import { WorkerFunctions } from './worker-functions.js'
import { readIdentity, type WorkerIdentity } from './worker-identity.js'

/** How often it looks for tasks, in milliseconds: a fraction of what starting a process takes. */
const LOOK_EVERY_MS = 200

/** How often it looks at the size of its own log, in milliseconds: what functions print on the console is in it. */
const LIMIT_LOG_EVERY_MS = 10_000

/** How long a lock may be held by somebody who only looks whether a worker runs, in milliseconds. */
const LOCK_PATIENCE_MS = 200

export interface WorkerOptions {
  /** The SQLite file. */
  store: string
  /** Of the package. */
  version: string
  /** How long it stays with nothing to do, in milliseconds. */
  idleMs: number
  /** Ends it: what runs gets 5 s, the rest is left to the next one. */
  signal: AbortSignal
}

/** Runs what others left in a store, until there is nothing to do. @returns False when another worker runs there. */
export async function runWorker(options: WorkerOptions): Promise<boolean> {
  const files = workerFiles(options.store)
  let lock = await lockWithin(files.lock, LOCK_PATIENCE_MS)
  if (!lock) return false
  const worker = new Worker(options, files)
  const stopSweeping = sweepLogsHourly()
  try {
    await worker.begin()
    while (lock && !options.signal.aborted) {
      await worker.work()
      if (options.signal.aborted) break
      await worker.withdraw()
      // Who leaves a task now finds the lock free, and starts a worker; who left one before is found here.
      await lock.release()
      lock = (await worker.hasWork()) ? await tryLock(files.lock) : undefined
      if (lock) await worker.introduce()
    }
  } finally {
    stopSweeping()
    await worker.close()
    if (lock) await worker.withdraw()
    await lock?.release()
  }
  return true
}

class Worker {
  readonly #options: WorkerOptions
  readonly #files: WorkerFiles
  readonly #functions: WorkerFunctions
  readonly #startedAt = Date.now()
  #limitedAt = Number.NEGATIVE_INFINITY

  constructor(options: WorkerOptions, files: WorkerFiles) {
    this.#options = options
    this.#files = files
    this.#functions = new WorkerFunctions(options.store, options.version)
  }

  /** Takes over at once what the worker before it had; that is gone, since its lock is free. */
  async begin(): Promise<void> {
    const before = await readIdentity(this.#files.pid)
    for (const endedOwner of before?.owners ?? []) await this.#functions.bundled.recover({ endedOwner })
    await this.introduce()
    await this.#functions.bundled.prune()
  }

  /** Returns when there has been nothing to do for a while, or at the signal. */
  async work(): Promise<void> {
    const { signal, idleMs } = this.#options
    for (let idleSince = Date.now(); !signal.aborted && Date.now() - idleSince < idleMs; ) {
      await this.#look()
      await this.#limitLog()
      if (this.#isBusy) idleSince = Date.now()
      await this.#rest()
    }
  }

  async hasWork(): Promise<boolean> {
    if (this.#options.signal.aborted || this.#isPaused) return false
    return (await this.#functions.bundled.unheld()).length > 0
  }

  /** What runs gets 5 s, which is the default of a close; the rest is left to the next worker. */
  async close(): Promise<void> {
    await Promise.all(this.#functions.all.map((rain) => rain.close()))
  }

  /** Tells who it is, while it has the lock. */
  async introduce(): Promise<void> {
    const identity: WorkerIdentity = {
      pid: process.pid,
      version: this.#options.version,
      format: RECORD_FORMAT,
      startedAt: this.#startedAt,
      owners: this.#functions.all.map(({ owner }) => owner),
    }
    // Renamed, since who reads it while it is written would find it empty. Only the holder of the lock gets here.
    const draft = `${this.#files.pid}.tmp`
    await writeFile(draft, `${JSON.stringify(identity)}\n`, { mode: 0o600 })
    await rename(draft, this.#files.pid)
  }

  /** The opposite: to be called while it has the lock still, or it would remove the next one's. */
  async withdraw(): Promise<void> {
    await rm(this.#files.pid, { force: true })
  }

  /** Until the next look, which is due when a task has ended: then there is room for another. */
  async #rest(): Promise<void> {
    const waking = new AbortController()
    const wake = () => waking.abort()
    const stops = this.#functions.all.flatMap((rain) =>
      (['complete', 'fail', 'cancel'] as const).map((end) => rain.on(end, wake)),
    )
    const signal = AbortSignal.any([this.#options.signal, waking.signal])
    await pause(LOOK_EVERY_MS, signal)
    for (const stop of stops) stop()
  }

  get #isBusy(): boolean {
    return this.#functions.all.some((rain) => rain.busy)
  }

  get #isPaused(): boolean {
    return existsSync(this.#files.paused)
  }

  async #look(): Promise<void> {
    for (const rain of this.#functions.all) this.#isPaused ? rain.queue.pause() : rain.queue.resume()
    if (this.#isPaused) return
    try {
      await this.#takeOver()
    } catch (error) {
      // The store may be away for a while; what is left in it stays there.
      process.stderr.write(`${new Date().toISOString()} ${(error as Error).message}\n`)
    }
  }

  async #limitLog(): Promise<void> {
    if (Date.now() - this.#limitedAt < LIMIT_LOG_EVERY_MS) return
    this.#limitedAt = Date.now()
    // One that cannot be made smaller costs nobody a task.
    await limitLog(this.#files.log).catch(() => {})
  }

  async #takeOver(): Promise<void> {
    const { bundled } = this.#functions
    const tasks = await bundled.unheld()
    if (tasks.length === 0) return
    const known = this.#functions.all.length
    await this.#functions.findFor(tasks)
    if (this.#functions.all.length > known) await this.introduce()
    for (const rain of this.#functions.all) await rain.recover({ waiting: false })
  }
}
