import { onSignal } from '../words/abort.js'
import type { ProgressReport } from '../words/answer.js'
import type { JobFacts, TaskHandle } from '../words/backend.js'
import { RaincheckError } from '../words/errors.js'

/** Where a handle sends what its function reports. */
export interface HandleReports {
  /** Aborted when the function should end. */
  readonly signal: AbortSignal
  /** How far the function is; each of its reports. */
  progress(report: ProgressReport): void
  /** A line for the task's log. */
  log(line: string): void
  /** Requests that have no answer yet. The signal aborts after that, with the reason that `ask` rejects with. */
  ask(requests: Readonly<Record<string, unknown>>): void
}

/**
 * Makes what a function gets beside its input. A raincheck makes it for its backend (`context.task`); only a backend that runs functions in
 * another thread or process makes one there, and sends its reports to `context.task`.
 */
export function createTaskHandle(facts: JobFacts, reports: HandleReports): TaskHandle {
  return new Handle(facts, reports)
}

/** Asks what a function asked elsewhere. What it rejects with is for nobody: the function there has its own. */
export function askAll(task: TaskHandle, requests: Readonly<Record<string, unknown>>): void {
  for (const [key, request] of Object.entries(requests)) task.ask(key, request).catch(() => {})
}

/** A class, since making closures for each task would cost more than most functions do. */
export class Handle implements TaskHandle {
  readonly #facts: JobFacts
  readonly #reports: HandleReports
  #asked: Map<string, unknown> | undefined

  constructor(facts: JobFacts, reports: HandleReports) {
    this.#facts = facts
    this.#reports = reports
  }

  get ref() {
    return this.#facts.ref
  }

  get scope() {
    return this.#facts.scope
  }

  get attempt() {
    return this.#facts.attempt
  }

  get signal() {
    return this.#reports.signal
  }

  // Of its own and bound: functions take these out of the handle, or spread it.
  readonly progress: TaskHandle['progress'] = (report) => this.#reports.progress(report)

  readonly log: TaskHandle['log'] = (line) => this.#reports.log(line)

  readonly ask: TaskHandle['ask'] = (key, request) => this.#ask(key, request)

  async #ask(key: string, request: unknown): Promise<unknown> {
    if (typeof key !== 'string' || key === '')
      throw new RaincheckError(
        'INVALID_INPUT',
        `task.ask needs a key, a text that is not empty, got ${key === '' ? "''" : String(key)}`,
      )
    const { answers } = this.#facts
    if (Object.hasOwn(answers, key)) return answers[key]
    refuseUnlessJson(`the request that task.ask(${JSON.stringify(key)}) makes`, request)
    const asked = this.#asked ?? this.#gather()
    asked.set(key, request)
    return this.#untilAborted()
  }

  /** What is asked in one go goes out in one go, so that the task waits once for all of it. */
  #gather(): Map<string, unknown> {
    const asked = new Map<string, unknown>()
    this.#asked = asked
    queueMicrotask(() => {
      this.#asked = undefined
      this.#reports.ask(Object.fromEntries(asked))
    })
    return asked
  }

  #untilAborted(): Promise<never> {
    const { signal } = this.#reports
    return new Promise((_, reject) => {
      onSignal(signal, () => reject(signal.reason))
    })
  }
}

/** @throws RaincheckError `INVALID_INPUT` for what JSON has no way to write. */
export function refuseUnlessJson(what: string, value: unknown): void {
  try {
    if (JSON.stringify(value) !== undefined) return
  } catch {
    // The message below says it better.
  }
  throw new RaincheckError('INVALID_INPUT', `${what} must be a JSON value, not ${typeof value}`)
}
