import type { JobContext } from './backend.js'
import type { Core } from './core.js'
import { startTimer } from './deadline.js'
import { describeError, RaincheckError } from './errors.js'
import type { LiveTask, Outcome } from './live-task.js'
import { persist } from './persist.js'
import { Reporter } from './reporter.js'
import { describeIssues } from './standard-schema.js'

/** Runs the work of a task and settles it. Never throws. */
export function runTask(core: Core, task: LiveTask): void {
  const { spec, scope, input, priority } = task.origin
  const reporter = new Reporter(core, task)
  const end = new EndOnce(core, task, reporter)
  const job = { ref: task.ref, scope, attempt: 1, priority, input, work: spec.work }
  const context: JobContext = {
    signal: task.abort.signal,
    onStart: () => {
      task.status = 'processing'
      task.startedAt = Date.now()
      end.limit(spec.timeout)
      reporter.tell()
    },
    onProgress: (report) => {
      if (task.outcome) return
      const progress = task.report(report)
      core.events.emit('progress', { ref: task.ref, name: spec.name, title: task.origin.title, progress })
      reporter.tell()
    },
    onLog: (line) => core.events.emit('log', { ref: task.ref, line }),
  }
  task.abort.signal.addEventListener('abort', () => end.abandoned(), { once: true })
  spec.backend
    .run(job, context)
    .then((value) => parseOutput(task, value))
    .then(
      (value) => end.with({ status: 'complete', value, settledAt: Date.now() }),
      (thrown) => end.with(failure(thrown)),
    )
}

/** The first end counts: what the work comes to after a timeout, a cancel or a close changes nothing. */
class EndOnce {
  readonly #core: Core
  readonly #task: LiveTask
  readonly #reporter: Reporter
  #stopTimer = () => {}

  constructor(core: Core, task: LiveTask, reporter: Reporter) {
    this.#core = core
    this.#task = task
    this.#reporter = reporter
  }

  with(outcome: Outcome): void {
    if (this.#task.outcome) return
    this.#stopTimer()
    this.#reporter.stop()
    if (outcome.status === 'failed') this.#task.attempts.push({ error: outcome.info, at: outcome.settledAt })
    this.#task.outcome = outcome
    this.#task.changed()
    void persist(this.#core, this.#task, outcome)
  }

  abandoned(): void {
    const { reason } = this.#task.abort.signal
    if (reason instanceof RaincheckError && reason.code === 'CANCELLED')
      this.with({ status: 'cancelled', reason, settledAt: Date.now() })
    else this.with(failure(reason))
  }

  /** Aborts the work when it takes longer than its `timeout`, counted from its first start. */
  limit(timeout: number): void {
    this.#stopTimer = startTimer(timeout, () =>
      this.#task.abort.abort(
        new RaincheckError('TIMEOUT', `the task took longer than its timeout of ${timeout} ms`),
      ),
    )
  }
}

async function parseOutput(task: LiveTask, value: unknown): Promise<unknown> {
  const { output } = task.origin.spec
  if (!output) return value
  const result = await output['~standard'].validate(value)
  if (!result.issues) return result.value
  throw new RaincheckError(
    'INVALID_VALUE',
    `the function's value does not fit \`output\`: ${describeIssues('value', result.issues)}`,
  )
}

/** A programmer's error, or one that is wrong for good, comes again however often the call is made. */
function failure(thrown: unknown): Outcome {
  const info = describeError(thrown)
  const retryable = !(hopeless.has(info.name) || info.code === 'INVALID_VALUE')
  return { status: 'failed', thrown, info, retryable, settledAt: Date.now() }
}

const hopeless = new Set(['TypeError', 'ReferenceError', 'SyntaxError', 'RangeError'])
