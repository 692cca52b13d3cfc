import { Asker } from '../core/asker.js'
import type { Job, JobContext, TaskBackend, TaskHandle } from '../core/backend.js'
import { leaveSlot, runInSlot, type Slot } from '../core/slot.js'
import { Slots } from './slots.js'

/** Runs functions in this process, at most `concurrency` at once. An abort is told to the function. */
export function inProcess({ concurrency }: { concurrency: number }): TaskBackend {
  let abandoned = 0

  /** Frees the slot at the abort, whether or not the function heeds it. */
  const doJob = (job: Job, context: JobContext, slot: Slot): Promise<unknown> => {
    context.onStart()
    return new Promise((resolve, reject) => {
      let aborted = false
      const stop = context.onAbort((reason) => {
        aborted = true
        abandoned++
        reject(reason)
        context.onAbandoned()
      })
      const end = () => {
        leaveSlot()
        if (aborted) abandoned--
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

  let slots = new Slots(concurrency, {}, doJob)
  return {
    name: 'in-process',
    capabilities: { abort: 'requested', functions: 'any', perScope: true, rateLimit: true },
    limit: (limits) => {
      slots = new Slots(concurrency, limits, doJob)
    },
    run: (job, context) => slots.run(job, context),
    setPriority: (ref, priority) => slots.setPriority(ref, priority),
    stats: () => ({ ...slots.stats(), abandoned }),
    pause: () => slots.pause(),
    resume: () => slots.resume(),
    close: () => Promise.resolve(),
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
