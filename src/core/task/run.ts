import pRetry from 'p-retry'
import { identityText } from '../options/function-identity.js'
import { copyOf } from '../values/copy.js'
import { digest } from '../values/key.js'
import type { ProgressReport } from '../words/answer.js'
import {
  isShared,
  type Job,
  type SharedJob,
  type SharedJobContext,
  type TaskHandle,
} from '../words/backend.js'
import { LONGEST_TIMER_MS } from '../words/duration.js'
import { describeError, type ErrorInfo, RaincheckError } from '../words/errors.js'
import { answersOf } from '../words/questions.js'
import { isHopeless } from '../words/retryable.js'
import { parseOutput } from '../words/schema.js'
import type { Engine } from './engine.js'
import { Handle, type HandleReports } from './handle.js'
import type { LiveTask } from './live-task.js'
import { failure, type Outcome } from './outcome.js'
import { ProgressWriter } from './progress-writer.js'
import { ask } from './questions.js'
import { updateRecord } from './record.js'
import { settle } from './settle.js'
import { isLeft, isOpen } from './state.js'

/** Runs the work of a task, all its attempts, and settles it. Never throws. */
export function runTask(engine: Engine, task: LiveTask): void {
  const run = new Run(engine, task)
  // A close may have come while the task was recorded; then this calls back at once.
  task.abort.onAbort(() => run.abandon())
  if (isOpen(task)) run.start()
}

/** One run of a task; for the backend it is the context of each of its jobs. */
class Run implements SharedJobContext, HandleReports {
  readonly #engine: Engine
  readonly #task: LiveTask
  #writer: ProgressWriter | undefined
  #job: Job | undefined
  #handle: TaskHandle | undefined
  #hasStarted = false
  #timer: NodeJS.Timeout | undefined
  #described: { thrown: unknown; info: ErrorInfo } | undefined

  constructor(engine: Engine, task: LiveTask) {
    this.#engine = engine
    this.#task = task
  }

  get signal(): AbortSignal {
    return this.#task.abort.signal
  }

  /** That of the attempt under way. Made when somebody asks for it: a backend that runs the function elsewhere may never do. */
  get task(): TaskHandle {
    this.#handle ??= new Handle(this.#job as Job, this)
    return this.#handle
  }

  onAbort(listener: (reason: unknown) => void): () => void {
    return this.#task.abort.onAbort(listener)
  }

  onStart(): void {
    const task = this.#task
    if (!task.to('start')) return
    if (!this.#hasStarted) {
      this.#hasStarted = true
      // Of a task that was taken over it is the first start of any process; how long nobody ran it does not count.
      task.startedAt ??= Date.now()
      const { timeout } = task.origin.spec
      if (timeout <= LONGEST_TIMER_MS) this.#limit(timeout)
      const { events } = this.#engine
      if (events.hears('start')) events.emit('start', task.facts())
    }
    this.#write()
  }

  progress(report: ProgressReport): void {
    if (!isOpen(this.#task)) return
    const progress = this.#task.report(report)
    this.#engine.events.emit('progress', { ...this.#task.facts(), progress })
    this.#write()
  }

  log(line: string): void {
    const { ref, origin } = this.#task
    this.#engine.events.emit('log', { ref, name: origin.spec.name, scope: origin.scope, line })
  }

  ask(requests: Readonly<Record<string, unknown>>): void {
    ask(this.#engine, this.#task, requests)
  }

  onRetry(thrown: unknown, at: number): void {
    if (!isOpen(this.#task)) return
    this.#keepAttempt(thrown, at)
    this.#rest(thrown)
  }

  onAbandoned(): void {
    // A function that asked, or was left to others, ends by that in a moment.
    if (!isLeft(this.#task)) this.#engine.events.emit('abandoned', this.#task.facts())
  }

  /** Without async functions: each would hold some memory for every task that waits. */
  start(): void {
    const { retries, spec } = this.#task.origin
    const once = retries === 0 || isShared(spec.backend)
    this.#task.workTo('on')
    const work = once ? this.#attempt(1) : this.#attempts(retries)
    work.then(
      (value) => this.#finish({ status: 'complete', value, settledAt: Date.now() }),
      (thrown) => {
        if (once) this.#keepAttempt(thrown)
        this.#finish(failure(thrown, this.#describe(thrown)))
      },
    )
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

  abandon(): void {
    const { reason } = this.#task.abort
    if (reason instanceof RaincheckError && reason.code === 'CANCELLED')
      this.#end({ status: 'cancelled', reason, settledAt: Date.now() })
    else {
      this.#keepAttempt(reason)
      this.#end(failure(reason))
    }
  }

  #attempt(attempt: number): Promise<unknown> {
    const { spec, scope, priority } = this.#task.origin
    const { backend, work, output } = spec
    const { ref, name, questions } = this.#task
    if (attempt > 1) this.#task.to('queue')
    // What a function does to its input changes neither the next attempt nor what a retry runs with.
    const input = copyOf(this.#task.origin.input)
    const answers = questions ? answersOf(questions) : none
    const job = { ref, name, scope, attempt, priority, input, work, answers }
    this.#job = job
    this.#handle = undefined
    try {
      const value = backend.run(backend.capabilities.shared ? { ...job, ...this.#shared() } : job, this)
      return output ? value.then((given) => parseOutput(output, given)) : value
    } catch (error) {
      // A backend may be anybody's: one that throws instead of rejecting must not leave the task without an end.
      return Promise.reject(error)
    }
  }

  /** What only a shared backend needs to know of a job. */
  #shared(): Pick<SharedJob, 'identity' | 'key' | 'retries'> {
    const { retries, spec, keyText } = this.#task.origin
    const again = { count: retries, delay: spec.retryDelay }
    return { identity: identityText(spec), key: digest(keyText), retries: again }
  }

  #finish(outcome: Outcome): void {
    this.#end(outcome)
    this.#task.workTo('over')
    this.#task.changed()
  }

  #end(outcome: Outcome): void {
    clearTimeout(this.#timer)
    this.#writer?.stop()
    settle(this.#engine, this.#task, outcome)
  }

  /** A store of this process alone is told at once; it costs next to nothing. */
  #write(): void {
    if (!this.#engine.tasks.shared) {
      void updateRecord(this.#engine, this.#task)
      return
    }
    this.#writer ??= new ProgressWriter(this.#engine, this.#task)
    this.#writer.write()
  }

  /** Between two attempts the slot is given back, and the task waits like any other. */
  #rest(thrown: unknown): void {
    this.#task.to('rest')
    this.#write()
    const error = this.#describe(thrown)
    this.#engine.events.emit('retry', { ...this.#task.facts(), error, attempt: this.#task.attempts.length })
  }

  /** The last one is asked for several times: for its attempt, its event and the end of its task. */
  #describe(thrown: unknown): ErrorInfo {
    const known = this.#described
    if (known && known.thrown === thrown) return known.info
    const info = describeError(thrown, this.#needsStack())
    this.#described = { thrown, info }
    return info
  }

  /** Of a task of this process alone, not where all who asked for it wait, and get the error itself. */
  #needsStack(): boolean {
    const { tasks, events } = this.#engine
    const { waiting, handedOff } = this.#task
    return tasks.shared || waiting === undefined || handedOff || events.hears('fail') || events.hears('retry')
  }

  #keepAttempt(thrown: unknown, at = Date.now()): void {
    if (!isOpen(this.#task)) return
    const attempt = { error: this.#describe(thrown), at }
    this.#task.attempts = [...this.#task.attempts, attempt]
  }

  /** Aborts the work when it takes longer than its `timeout`, counted from its first start. */
  #limit(timeout: number): void {
    const tooLong = new RaincheckError('TIMEOUT', `the task took longer than its timeout of ${timeout} ms`)
    this.#timer = setTimeout(() => this.#task.abort.abort(tooLong), timeout)
  }
}

const none = Object.freeze({})
