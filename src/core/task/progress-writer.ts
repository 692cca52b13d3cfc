import type { Core } from './engine.js'
import type { LiveTask } from './live-task.js'

/** State and progress of a running task are written at most 4 times a second (R16 of the design). */
const REPORT_EVERY_MS = 250

/** Writes how far a live task is into its record, for other processes. */
export class Reporter {
  readonly #core: Core
  readonly #task: LiveTask
  #timer: NodeJS.Timeout | undefined
  /** Something was told while a write waited or was under way. */
  #again = false
  #wrote = false

  constructor(core: Core, task: LiveTask) {
    this.#core = core
    this.#task = task
  }

  /**
   * A store of this process alone is told at once; it costs next to nothing. So is any of a task that was run before: the next
   * process must know that it had started.
   */
  tell(): void {
    if (!this.#core.tasks.shared) void this.#write()
    else if (!this.#wrote && this.#task.run > 1) void this.#write()
    else if (this.#timer) this.#again = true
    else this.#timer = setTimeout(() => void this.#writeOne(), REPORT_EVERY_MS).unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** One at a time: at a store that hangs they would pile up, and hold up the end of the task. */
  async #writeOne(): Promise<void> {
    this.#again = false
    await this.#write()
    this.#timer = undefined
    if (this.#again && !this.#task.outcome) this.tell()
  }

  #write(): Promise<unknown> | undefined {
    this.#wrote = true
    const { ref, run, recorded, status, startedAt, progress } = this.#task
    if (!recorded) return undefined
    const patch = {
      status,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(progress ? { progress } : {}),
    }
    return this.#task
      .inOrder(() => this.#core.tasks.update(ref, run, patch))
      .catch((error: Error) => this.#core.events.emit('store-error', { error, ref }))
  }
}
