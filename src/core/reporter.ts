import type { Core } from './core.js'
import type { LiveTask } from './live-task.js'

/** State and progress of a running task are written at most 4 times a second (R16 of the design). */
const REPORT_EVERY_MS = 250

/** Writes how far a live task is into its record, for other processes. */
export class Reporter {
  readonly #core: Core
  readonly #task: LiveTask
  #timer: NodeJS.Timeout | undefined

  constructor(core: Core, task: LiveTask) {
    this.#core = core
    this.#task = task
  }

  /** A store of this process alone is told at once; it costs next to nothing. */
  tell(): void {
    if (!this.#core.tasks.shared) void this.#write()
    else this.#timer ??= setTimeout(() => void this.#write(), REPORT_EVERY_MS).unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  async #write(): Promise<void> {
    this.#timer = undefined
    const { ref, run, recorded, status, startedAt, progress } = this.#task
    if (!recorded) return
    const patch = {
      status,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(progress ? { progress } : {}),
    }
    try {
      await this.#task.inOrder(() => this.#core.tasks.update(ref, run, patch))
    } catch (error) {
      this.#core.events.emit('store-error', { error: error as Error, ref })
    }
  }
}
