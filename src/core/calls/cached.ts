import type { CallOptions } from '../options/call-options.js'
import type { FunctionSpec } from '../options/function-options.js'
import type { Answer, CallAnswer } from '../words/answer.js'
import type { Schema } from '../words/schema.js'

type Arguments<Input> = undefined extends Input
  ? [input?: Input, options?: CallOptions]
  : [input: Input, options?: CallOptions]

type KeyArguments<Input> = undefined extends Input
  ? [input?: Input, options?: Pick<CallOptions, 'scope'>]
  : [input: Input, options?: Pick<CallOptions, 'scope'>]

/** A wrapped function. */
export interface Cached<Input, Value> {
  /**
   * Takes the input, and `CallOptions` after it. Answers within `asyncTimeout`: with the value, or with a ref for it. Rejects
   * with the function's own error.
   * @throws RaincheckError `INVALID_INPUT`, `INVALID_OPTION` and `CLOSED` before any work; `TIMEOUT`, `CANCELLED`, `INTERRUPTED`,
   *   `CRASHED` and `INVALID_VALUE` for a task that ends so meanwhile; `STORE_UNAVAILABLE` when there is no value yet, and the
   *   store has not taken the record for `timeout`, 30 s at most, after `asyncTimeout`.
   */
  (...args: Arguments<Input>): Promise<CallAnswer<Value>>
  /**
   * Waits to the end, and resolves to the bare value. Takes what a call does, and rejects as it does.
   * @throws RaincheckError `CLOSED` also when the task was left to another process by a close.
   */
  value(...args: Arguments<Input>): Promise<Value>
  /**
   * Returns what a call with this input and scope would get now, and starts nothing: the stored value, the live answer of a task under way, or a
   * cached error. Takes the input and `{ scope }`; both go through `input`, `check` and `key`, as in a call. Resolves to undefined if there is nothing.
   * @throws RaincheckError `INVALID_INPUT`, `INVALID_OPTION`, `CLOSED`; `STORE_UNAVAILABLE`.
   */
  peek(...args: KeyArguments<Input>): Promise<Answer<Value> | undefined>
  /**
   * Makes the next call of that input and scope begin anew. Removes the value or error that calls are answered from. A live task goes on for those who
   * have its ref, but no call joins it any more, and its value answers none. Takes what `peek` does. On a shared store other processes answer from
   * memory for at most `memoryTtl` longer, and the one that runs the task sees it within a second.
   * @throws RaincheckError `INVALID_INPUT`, `INVALID_OPTION`, `CLOSED`; `STORE_UNAVAILABLE`.
   */
  forget(...args: KeyArguments<Input>): Promise<void>
  /** The option `name`, or else that of the function. */
  readonly name: string
  /** The option: what a call's input is parsed with. */
  readonly input: Schema<Input, unknown> | undefined
  /** The option: what the value is parsed with. */
  readonly output: Schema<unknown, Value> | undefined
  /** The options with their defaults, durations in milliseconds; and `app` and `retention` of `createRaincheck`. */
  readonly options: Readonly<FunctionSpec>
}
