import { isAbsolute } from 'node:path'
import { openConfig, type Raincheck, type UnheldTask } from '../../index.js'
import { openBundled } from '../documents/open-bundled.js'
import { keepLogs } from './task-logs.js'

/** The functions that a worker knows: the bundled ones, and those of each config file that a record names. */
export class WorkerFunctions {
  readonly bundled: Raincheck
  readonly #opened = new Map<string, Raincheck>()
  /** Why a config file cannot be used. */
  readonly #broken = new Map<string, string>()

  constructor(store: string, version: string) {
    this.bundled = openBundled(version, { store: `sqlite:${store}` }).rain
    keepLogs(this.bundled)
  }

  get all(): Raincheck[] {
    return [this.bundled, ...this.#opened.values()]
  }

  /** Opens the config files of these tasks. What cannot be found there, or anywhere, is given up with the reason. */
  async findFor(tasks: readonly UnheldTask[]): Promise<void> {
    for (const { place } of tasks) if (place !== undefined && isAbsolute(place)) await this.#open(place)
    for (const task of tasks) {
      const reason = this.#whyNot(task)
      if (reason !== undefined) await this.bundled.giveUp(task.ref, reason)
    }
  }

  async #open(file: string): Promise<void> {
    if (this.#opened.has(file) || this.#broken.has(file)) return
    try {
      const { rain } = await openConfig(file)
      keepLogs(rain)
      this.#opened.set(file, rain)
    } catch (error) {
      this.#broken.set(file, (error as Error).message)
    }
  }

  #whyNot(task: UnheldTask): string | undefined {
    const { place, name, version } = task
    // What only other processes find is theirs, such as the functions of a queue.
    if (place === undefined || !(place === 'bundled' || isAbsolute(place))) return undefined
    const broken = this.#broken.get(place)
    if (broken !== undefined) return `its function ${name} cannot be found: ${broken}; mend that, then retry`
    const rain = place === 'bundled' ? this.bundled : this.#opened.get(place)
    if (rain?.knows(task)) return undefined
    return `its function ${name} (version ${version}) is not in ${place} any more; make the call again`
  }
}
