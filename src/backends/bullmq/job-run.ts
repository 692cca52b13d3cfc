import { createTaskHandle, type HandleReports } from '../../core/task/handle.js'
import { Abort } from '../../core/words/abort.js'
import type { ProgressReport } from '../../core/words/answer.js'
import type { JobContext, JobFacts, TaskHandle } from '../../core/words/backend.js'
import { interrupted } from '../../core/words/errors.js'
import type { QueueJob, QueueLink } from './link.js'

/** Progress goes to the queue at most 4 times a second a job. */
const PROGRESS_EVERY_MS = 250

/** A job while this process runs it, with what its function tells. */
export class JobRun implements JobContext, HandleReports {
  readonly #job: QueueJob
  readonly #link: QueueLink
  readonly #abort = new Abort()
  #telling: Promise<unknown> = Promise.resolve()
  #held: ProgressReport | undefined
  #timer: NodeJS.Timeout | undefined
  #sentAt = 0
  /** What its function has asked, which ended it. */
  asked: Readonly<Record<string, unknown>> | undefined

  readonly task: TaskHandle

  constructor(job: QueueJob, link: QueueLink, facts: JobFacts) {
    this.#job = job
    this.#link = link
    this.task = createTaskHandle(facts, this)
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get aborted(): boolean {
    return this.#abort.aborted
  }

  onAbort(listener: (reason: unknown) => void): () => void {
    return this.#abort.onAbort(listener)
  }

  abort(reason: unknown): void {
    this.#abort.abort(reason)
  }

  onStart(): void {}

  onAbandoned(): void {}

  ask(requests: Readonly<Record<string, unknown>>): void {
    this.asked = requests
    this.abort(interrupted())
  }

  progress(report: ProgressReport): void {
    this.#held = report
    const waitMs = this.#sentAt + PROGRESS_EVERY_MS - Date.now()
    if (waitMs <= 0) this.#sendProgress()
    else this.#timer ??= setTimeout(() => this.#sendProgress(), waitMs)
  }

  log(line: string): void {
    const { id = '' } = this.#job
    this.tell(() => this.#link.publish(this.#link.name, { eventName: 'log', jobId: id, line }))
  }

  /** After all that was told before. What cannot be told is lost: a job does not fail by that. */
  tell(told: () => Promise<unknown>): void {
    this.#telling = this.#telling.then(told).catch(() => {})
  }

  /** Resolves once all is told. */
  async flush(): Promise<void> {
    if (this.#held !== undefined) this.#sendProgress()
    clearTimeout(this.#timer)
    await this.#telling
  }

  #sendProgress(): void {
    const report = this.#held
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#held = undefined
    this.#sentAt = Date.now()
    if (report) this.tell(() => this.#job.updateProgress(report))
  }
}
