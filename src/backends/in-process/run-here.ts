import { Asker } from '../../core/task/asker.js'
import { leaveSlot, runInSlot, type Slot } from '../../core/task/nested-slot.js'
import type { Job, JobContext, TaskHandle } from '../../core/words/backend.js'

/** Runs functions in this process. */
export class HereRunner {
  #abandoned = 0

  /** Functions that go on although their task has ended. */
  get abandoned(): number {
    return this.#abandoned
  }

  /** Rejects at the abort, whether or not the function heeds it. */
  run(job: Job, context: JobContext, slot: Slot): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let aborted = false
      const stop = context.onAbort((reason) => {
        aborted = true
        this.#abandoned++
        slot.end()
        reject(reason)
        context.onAbandoned()
      })
      const end = () => {
        leaveSlot()
        slot.end()
        if (aborted) this.#abandoned--
        stop()
      }
      runInSlot(slot, invoke, job, context).then(
        (value) => {
          end()
          resolve(value)
        },
        (error) => {
          end()
          reject(error)
        },
      )
    })
  }
}

async function invoke(job: Job, context: JobContext): Promise<unknown> {
  return job.work(job.input as never, new Handle(job, context))
}

/** What the function gets. The signal is made when the function asks for it. */
class Handle implements TaskHandle {
  readonly #job: Job
  readonly #context: JobContext
  #asker: Asker | undefined

  constructor(job: Job, context: JobContext) {
    this.#job = job
    this.#context = context
  }

  get ref() {
    return this.#job.ref
  }

  get scope() {
    return this.#job.scope
  }

  get attempt() {
    return this.#job.attempt
  }

  get signal() {
    return this.#context.signal
  }

  readonly progress: TaskHandle['progress'] = (report) => this.#context.onProgress(report)

  readonly log: TaskHandle['log'] = (line) => this.#context.onLog(line)

  readonly ask: TaskHandle['ask'] = (key, request) => {
    const context = this.#context
    this.#asker ??= new Asker(
      this.#job.answers,
      (requests) => context.onAsk(requests),
      (listener) => context.onAbort(listener),
    )
    return this.#asker.ask(key, request)
  }
}
