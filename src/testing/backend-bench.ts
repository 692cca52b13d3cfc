import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromModule } from '../core/options/from-module.js'
import { Abort } from '../core/words/abort.js'
import type { Job, JobContext, TaskBackend } from '../core/words/backend.js'
import { newRef } from '../core/words/ref.js'

/** Runs jobs on the backend under test, and keeps what it was told. */
export class Bench {
  readonly backend: TaskBackend
  readonly #folder: string
  #files = 0

  constructor(backend: TaskBackend, folder: string) {
    this.backend = backend
    this.#folder = folder
  }

  run(exportName: keyof Functions, input: unknown, changes: Partial<Job> = {}) {
    const job: Job = {
      ...{ ref: newRef(), scope: '', attempt: 1, priority: 0, input, answers: {} },
      work: fromModule<Functions>(address, exportName),
      ...changes,
    }
    const abort = new Abort()
    const told: unknown[] = []
    const context: JobContext = {
      get signal() {
        return abort.signal
      },
      onAbort: (listener) => abort.onAbort(listener),
      onStart: () => told.push('start'),
      onProgress: (report) => told.push(report),
      onLog: (line) => told.push(line),
      onAsk: (requests) => {
        told.push(requests)
        abort.abort(new Error('asked'))
      },
      onAbandoned: () => {},
    }
    const done = this.backend.run(job, context)
    // Not every test waits for it.
    done.catch(() => {})
    return { job, abort, told, done }
  }

  /** A job that runs until it is let go, and says by a file that it has started. */
  hold(changes: Partial<Job> = {}) {
    const file = join(this.#folder, String(this.#files++))
    const input = { started: `${file}.started`, until: `${file}.until` }
    const held = this.run('waitForFile', input, changes)
    return {
      ...held,
      hasStarted: () => existsSync(input.started),
      started: () => until(() => existsSync(input.started)),
      letGo: async () => {
        await writeFile(input.until, '')
        return held.done
      },
    }
  }

  async end(): Promise<void> {
    await this.backend.close()
    // Functions that a backend cannot stop end by this, too.
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Looks again and again: what is waited for happens in another process, as far as anybody knows. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2))
}

type Functions = typeof import('./contract-functions.js')
const address = new URL('./contract-functions.js', import.meta.url)
