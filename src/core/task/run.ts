import pRetry from 'p-retry'
import { identityText } from '../options/function-identity.js'
import { digest } from '../values/key.js'
import type { ProgressReport } from '../words/answer.js'
import {
  isShared,
  type Job,
  type JobContext,
  type SharedJob,
  type SharedJobContext,
  type TaskBackend,
  type TaskHandle,
} from '../words/backend.js'
import { LONGEST_TIMER_MS } from '../words/duration.js'
import { describeError, RaincheckError } from '../words/errors.js'
import { tell } from '../words/events.js'
import { answersOf } from '../words/questions.js'
import { isHopeless } from '../words/retryable.js'
import { describeIssues, type Schema } from '../words/schema.js'
import { startTimer } from '../words/timers.js'
import type { Core } from './engine.js'
import { createTaskHandle, type HandleReports } from './handle.js'
import { freeKey } from './let-go.js'
import type { LiveTask, Outcome } from './live-task.js'
import { Reporter } from './progress-writer.js'
import { ask } from './questions.js'
import { persist } from './settle.js'

/** Runs the work of a task, all its attempts, and settles it. Never throws. */
export function runTask(core: Core, task: LiveTask): void {
  const run = new Run(core, task)
  // A close may have come while the task was recorded; then this calls back at once.
  task.abort.onAbort(() => run.abandon())
  if (task.outcome) run.stop()
  else run.start()
}

/** One run of a task; for the backend it is the context of each of its jobs. */
class Run implements SharedJobContext, HandleReports {
  readonly #core: Core
  readonly #task: LiveTask
  #reporter: Reporter | undefined
  #job: Job | undefined
  #handle: TaskHandle | undefined
  #stopTimer: (() => void) | undefined

  constructor(core: Core, task: LiveTask) {
    this.#core = core
    this.#task = task
  }

  get signal(): AbortSignal {
    return this.#task.abort.signal
  }

  /** That of the attempt under way. Made when somebody asks for it: a backend that runs the function elsewhere may never do. */
  get task(): TaskHandle {
    this.#handle ??= createTaskHandle(this.#job as Job, this)
    return this.#handle
  }

  onAbort(listener: (reason: unknown) => void): () => void {
    return this.#task.abort.onAbort(listener)
  }

  onStart(): void {
    const task = this.#task
    task.status = 'processing'
    if (!this.#stopTimer) {
      // Of a task that was taken over it is the first start of any process; how long nobody ran it does not count.
      task.startedAt ??= Date.now()
      this.#stopTimer = this.#limit(task.origin.spec.timeout)
      tell(this.#core, 'start', task)
    }
    this.#report()
  }

  progress(report: ProgressReport): void {
    if (this.#task.outcome) return
    const progress = this.#task.report(report)
    this.#core.events.emit('progress', { ...this.#task.facts(), progress })
    this.#report()
  }

  log(line: string): void {
    const { ref, origin } = this.#task
    this.#core.events.emit('log', { ref, name: origin.spec.name, scope: origin.scope, line })
  }

  ask(requests: Readonly<Record<string, unknown>>): void {
    if (!this.#task.outcome && !this.#task.left) ask(this.#core, this.#task, requests)
  }

  onRetry(thrown: unknown, at: number): void {
    if (this.#task.outcome) return
    this.#keepAttempt(thrown, at)
    this.#rest(thrown)
  }

  onAbandoned(): void {
    // A function that asked ends by that, in a moment.
    if (!this.#task.left) tell(this.#core, 'abandoned', this.#task)
  }

  /** Without async functions: each would hold some memory for every task that waits. */
  start(): void {
    const { retries, spec } = this.#task.origin
    const once = retries === 0 || isShared(spec.backend)
    const work = once ? this.#attempt(1) : this.#attempts(retries)
    work.then(
      (value) => this.#finish({ status: 'complete', value, settledAt: Date.now() }),
      (thrown) => {
        if (once) this.#keepAttempt(thrown)
        this.#finish(failure(thrown))
      },
    )
  }

  /** Nothing of it runs, or ever will. */
  stop(): void {
    this.#task.stopped = true
    this.#task.changed()
  }

  /** The value of the first attempt that succeeds, or the error of the last. */
  async #attempts(retries: number): Promise<unknown> {
    const { spec } = this.#task.origin
    const { signal } = this.#task.abort
    let last: unknown
    const attempt = (number: number) =>
      this.#attempt(number).catch((thrown) => {
        last = thrown
        this.#keepAttempt(thrown)
        throw thrown
      })
    // An aborted attempt failed for no reason of its own: the task has ended, or it asks.
    const shouldRetry = () => !signal.aborted && !isHopeless(last) && (spec.retryIf?.(last) ?? true)
    const onFailedAttempt = ({ retriesLeft }: { retriesLeft: number }) => {
      if (retriesLeft > 0 && shouldRetry()) this.#rest(last)
    }
    const pace = { minTimeout: spec.retryDelay, maxTimeout: LONGEST_TIMER_MS, randomize: true }
    try {
      return await pRetry(attempt, { retries, ...pace, signal, shouldRetry, onFailedAttempt })
    } catch (error) {
      // p-retry puts an error of its own in the place of what is none.
      throw signal.aborted ? error : last
    }
  }

  /** The first end counts: what the work comes to after a timeout, a cancel or a close changes nothing. */
  end(outcome: Outcome): void {
    if (this.#task.outcome) return
    this.#stopTimer?.()
    this.#reporter?.stop()
    // It is another process's.
    if (this.#task.standing || this.#task.left) return
    this.#task.outcome = outcome
    // A key whose work has failed or was cancelled is free at once.
    if (outcome.status !== 'complete') freeKey(this.#core, this.#task)
    this.#tellEnd(outcome)
    this.#task.changed()
    persist(this.#core, this.#task, outcome)
  }

  abandon(): void {
    const { reason } = this.#task.abort
    if (reason instanceof RaincheckError && reason.code === 'CANCELLED')
      this.end({ status: 'cancelled', reason, settledAt: Date.now() })
    else {
      this.#keepAttempt(reason)
      this.end(failure(reason))
    }
  }

  #attempt(attempt: number): Promise<unknown> {
    const { spec, scope, input, priority } = this.#task.origin
    const { backend, work, output } = spec
    const { ref, questions } = this.#task
    const job = { ref, scope, attempt, priority, input, work, answers: answersOf(questions) }
    this.#job = job
    this.#handle = undefined
    const value = runJob(backend, isShared(backend) ? { ...job, ...this.#shared() } : job, this)
    return output ? value.then((given) => parseOutput(output, given)) : value
  }

  /** What only a shared backend needs to know of a job. */
  #shared(): Pick<SharedJob, 'identity' | 'key' | 'retries'> {
    const { retries, spec, keyText } = this.#task.origin
    const again = { count: retries, delay: spec.retryDelay }
    return { identity: identityText(spec), key: digest(keyText), retries: again }
  }

  #finish(outcome: Outcome): void {
    this.end(outcome)
    this.stop()
  }

  #report(): void {
    this.#reporter ??= new Reporter(this.#core, this.#task)
    this.#reporter.tell()
  }

  /** Between two attempts the slot is given back, and the task waits like any other. */
  #rest(thrown: unknown): void {
    this.#task.status = 'pending'
    this.#report()
    const error = describeError(thrown)
    this.#core.events.emit('retry', { ...this.#task.facts(), error, attempt: this.#task.attempts.length })
  }

  #keepAttempt(thrown: unknown, at = Date.now()): void {
    if (this.#task.outcome || this.#task.left) return
    const attempt = { error: describeError(thrown), at }
    this.#task.attempts = [...this.#task.attempts, attempt]
  }

  /** Aborts the work when it takes longer than its `timeout`, counted from its first start. */
  #limit(timeout: number): () => void {
    return startTimer(timeout, () =>
      this.#task.abort.abort(
        new RaincheckError('TIMEOUT', `the task took longer than its timeout of ${timeout} ms`),
      ),
    )
  }

  #tellEnd(outcome: Outcome): void {
    if (outcome.status === 'complete') tell(this.#core, 'complete', this.#task)
    else if (outcome.status === 'cancelled') tell(this.#core, 'cancel', this.#task)
    else this.#core.events.emit('fail', { ...this.#task.facts(), error: outcome.info })
  }
}

/** A backend may be anybody's: one that throws instead of rejecting must not leave the task without an end. */
function runJob(backend: TaskBackend, job: Job, context: JobContext): Promise<unknown> {
  try {
    return backend.run(job, context)
  } catch (error) {
    return Promise.reject(error)
  }
}

async function parseOutput(output: Schema<unknown, unknown>, value: unknown): Promise<unknown> {
  const result = await output['~standard'].validate(value)
  if (!result.issues) return result.value
  throw new RaincheckError(
    'INVALID_VALUE',
    `the function's value does not fit \`output\`: ${describeIssues('value', result.issues)}`,
  )
}

function failure(thrown: unknown): Outcome {
  return {
    status: 'failed',
    thrown,
    info: describeError(thrown),
    retryable: !isHopeless(thrown),
    settledAt: Date.now(),
  }
}
