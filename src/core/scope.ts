import { type ListOptions, list, type TaskList } from './refs/list.js'
import { redeem } from './refs/redeem.js'
import type { Engine } from './task/engine.js'
import { refuseUnlessJson } from './task/handle.js'
import { answerQuestions } from './upkeep/answer.js'
import { type CancelResult, cancel } from './upkeep/cancel.js'
import { forget } from './upkeep/forget.js'
import { type RetryOptions, retry } from './upkeep/retry.js'
import type { Answer, CallAnswer } from './words/answer.js'
import { abortSignal, refuseUnknown } from './words/check-option.js'
import { type Duration, parseDuration } from './words/duration.js'
import { closedError } from './words/errors.js'
import type { Ref } from './words/ref.js'

/** The tasks of one scope; those of every other are unknown here. */
export class Scope {
  readonly #engine: Engine
  readonly #scope: string

  constructor(engine: Engine, scope: string) {
    this.#engine = engine
    this.#scope = scope
  }

  /**
   * Answers for a ref: its status, or its value. May be repeated at will. A failure or a cancel is an answer, not an error.
   * @param options.wait How long to wait for the task to settle, or to ask something; 0 by default.
   * @param options.signal Ends the waiting, which then rejects with its reason; the work goes on.
   * @throws RaincheckError `REF_NOT_FOUND` when the ref is unknown or has expired; `INVALID_OPTION`; `CLOSED`;
   *   `STORE_UNAVAILABLE` at the end of `wait`, or when the store was away for 30 s of it.
   */
  async poll<T>(ref: Ref<T>, options?: { wait?: Duration; signal?: AbortSignal }): Promise<Answer<T>> {
    const engine = this.#open('poll')
    if (!options) return (await redeem(engine, ref, this.#scope, 0)) as Answer<T>
    refuseUnknown(options, ['wait', 'signal'])
    const wait = parseDuration('wait', options.wait ?? 0)
    const signal = abortSignal('signal', options.signal)
    return (await redeem(engine, ref, this.#scope, Date.now() + wait, signal)) as Answer<T>
  }

  /**
   * Settles a live task as cancelled, frees its key and its slot, and aborts its work, wherever that runs: another process
   * sees it within a second.
   * @throws RaincheckError `REF_NOT_FOUND`; `CLOSED`; `STORE_UNAVAILABLE`.
   */
  async cancel(ref: Ref): Promise<CancelResult> {
    return cancel(this.#open('cancel'), ref, this.#scope)
  }

  /**
   * The answer of a new task, with a ref of its own, for the input of one that failed or was cancelled; of the task
   * itself when it is live or complete.
   * @param options `asyncTimeout`, by default that of the function.
   * @throws RaincheckError `REF_NOT_FOUND`; `FUNCTION_NOT_REGISTERED` when this process has not wrapped its function;
   *   `INVALID_INPUT` when its input could not be stored; and all that a call does.
   */
  async retry<T>(ref: Ref<T>, options: RetryOptions = {}): Promise<CallAnswer<T>> {
    refuseUnknown(options, ['asyncTimeout'])
    return (await retry(this.#open('retry'), ref, this.#scope, options)) as CallAnswer<T>
  }

  /**
   * Answers what the function of a task has asked by `task.ask`. Once nothing is left to be answered the function runs
   * again: here where it is wrapped, else where its config file (or the package, or a queue) is found.
   * @param answers JSON values, by the keys that the requests have. Those that nobody asked for are passed over.
   * @returns What a poll would.
   * @throws RaincheckError `REF_NOT_FOUND`; `INVALID_INPUT` when the task waits for none of these answers, or one is not JSON;
   *   `FUNCTION_NOT_REGISTERED` when its function is wrapped neither here nor where others find it: it goes on waiting; `CLOSED`;
   *   `STORE_UNAVAILABLE`.
   */
  async answer<T>(ref: Ref<T>, answers: Readonly<Record<string, unknown>>): Promise<Answer<T>> {
    const engine = this.#open('answer')
    for (const [key, value] of Object.entries(answers)) refuseUnlessJson(`the answer to ${key}`, value)
    await answerQuestions(engine, ref, this.#scope, answers)
    return (await redeem(engine, ref, this.#scope, 0)) as Answer<T>
  }

  /**
   * The tasks of this scope, newest first.
   * @throws RaincheckError `INVALID_OPTION`, naming the option; `CLOSED`; `STORE_UNAVAILABLE`.
   */
  async list(options: ListOptions = {}): Promise<TaskList> {
    return list(this.#open('list'), this.#scope, options)
  }

  /**
   * Removes a task and its value, after cancelling it where it is live.
   * @throws RaincheckError `REF_NOT_FOUND`; `CLOSED`; `STORE_UNAVAILABLE`.
   */
  async forget(ref: Ref): Promise<void> {
    return forget(this.#open('forget'), ref, this.#scope)
  }

  #open(method: string): Engine {
    if (this.#engine.closed) throw closedError(method)
    return this.#engine
  }
}
