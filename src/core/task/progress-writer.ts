import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'
import { updateRecord } from './record.js'
import { isOpen } from './state.js'

/** Status and progress of a running task are written at most 4 times a second. */
const WRITE_EVERY_MS = 250

/** Writes how far a live task is into its record, for the other processes on a shared store. */
export class ProgressWriter {
  readonly #engine: Engine
  readonly #task: LiveTask
  #timer: NodeJS.Timeout | undefined
  /** Something was reported while a write waited or was under way. */
  #again = false
  #wrote = false

  constructor(engine: Engine, task: LiveTask) {
    this.#engine = engine
    this.#task = task
  }

  /** At once for a task that was run before: the next process must know that it had started. */
  write(): void {
    if (!this.#wrote && this.#task.term > 1) void this.#write()
    else if (this.#timer) this.#again = true
    else this.#timer = setTimeout(() => void this.#writeOne(), WRITE_EVERY_MS).unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** One at a time: at a store that hangs they would pile up, and hold up the end of the task. */
  async #writeOne(): Promise<void> {
    this.#again = false
    await this.#write()
    this.#timer = undefined
    if (this.#again && isOpen(this.#task)) this.write()
  }

  async #write(): Promise<void> {
    this.#wrote = true
    await updateRecord(this.#engine, this.#task)
  }
}
