import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromModule } from '../core/options/from-module.js'
import { createTaskHandle } from '../core/task/handle.js'
import { Abort } from '../core/words/abort.js'
import { isShared, type Job, type JobContext, type TaskBackend, type Work } from '../core/words/backend.js'
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
    const ref = newRef()
    const work: Work = fromModule<Functions>(address, exportName)
    const job = {
      ...{ ref, name: exportName, scope: '', attempt: 1, priority: 0, input, answers: {}, work },
      ...changes,
    }
    const abort = new Abort()
    const told: unknown[] = []
    const task = createTaskHandle(job, {
      get signal() {
        return abort.signal
      },
      progress: (report) => told.push(report),
      log: (line) => told.push(line),
      ask: (requests) => {
        told.push(requests)
        abort.abort(new Error('asked'))
      },
    })
    const context = {
      task,
      onAbort: (listener: (reason: unknown) => void) => abort.onAbort(listener),
      onStart: () => told.push('start'),
      onAbandoned: () => {},
    }
    const done = this.#start(job, context)
    // Not every test waits for it.
    done.catch(() => {})
    return { job, abort, told, done }
  }

  #start(job: Job, context: JobContext): Promise<unknown> {
    const { backend } = this
    if (!isShared(backend)) return backend.run(job, context)
    const { ref, work } = job
    backend.register({ identity: ref, work, resume: true, retryIf: undefined })
    const shared = { ...job, identity: ref, key: ref, retries: { count: 0, delay: 0 } }
    return backend.run(shared, { ...context, onRetry: () => {} })
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
