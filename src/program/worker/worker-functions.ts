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
    for (const { config } of tasks) if (config !== undefined && isAbsolute(config)) await this.#open(config)
    for (const task of tasks) {
      const reason = this.#whyNot(task)
      if (reason !== undefined) await this.bundled.giveUp(task.ref, reason)
    }
  }

  async #open(config: string): Promise<void> {
    if (this.#opened.has(config) || this.#broken.has(config)) return
    try {
      const { rain } = await openConfig(config)
      keepLogs(rain)
      this.#opened.set(config, rain)
    } catch (error) {
      this.#broken.set(config, (error as Error).message)
    }
  }

  #whyNot(task: UnheldTask): string | undefined {
    const { config, name, version } = task
    // What only other processes find is theirs, such as the functions of a queue.
    if (config === undefined || !(config === 'bundled' || isAbsolute(config))) return undefined
    const broken = this.#broken.get(config)
    if (broken !== undefined) return `its function ${name} cannot be found: ${broken}; mend that, then retry`
    const rain = config === 'bundled' ? this.bundled : this.#opened.get(config)
    if (rain?.knows(task)) return undefined
    return `its function ${name} (version ${version}) is not in ${config} any more; make the call again`
  }
}
