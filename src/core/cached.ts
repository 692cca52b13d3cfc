import type { CallAnswer } from './answer.js'
import { beginTask } from './begin-task.js'
import type { Core } from './core.js'
import { type Duration, parseDuration } from './duration.js'
import { RaincheckError } from './errors.js'
import { type FunctionSpec, finite, invalid, refuseUnknown } from './function-options.js'
import { canonicalText, digest } from './key.js'
import { describeIssues, type Schema } from './standard-schema.js'
import { waitForAnswer } from './wait-for-answer.js'

/** Options of one call. */
export interface CallOptions {
  /** An isolated name space, such as a user: refs and values never cross it. @default '' */
  scope?: string
  /** Overrides that of the function for this caller. */
  asyncTimeout?: Duration
  /** Overrides that of the function. */
  priority?: number
  /** Stops this caller's waiting; the work goes on. */
  signal?: AbortSignal
  /** Passes over a stored value. A run under way counts as fresh. @default false */
  refresh?: boolean
}

type Arguments<Input> = undefined extends Input
  ? [input?: Input, options?: CallOptions]
  : [input: Input, options?: CallOptions]

/** A wrapped function. */
export interface Cached<Input, Value> {
  /** Answers within `asyncTimeout`: with the value, or with a ref for it. Rejects with the function's own error. */
  (...args: Arguments<Input>): Promise<CallAnswer<Value>>
  /** Waits to the end, and resolves to the bare value. */
  value(...args: Arguments<Input>): Promise<Value>
  readonly name: string
  readonly input: Schema<Input, unknown> | undefined
  readonly output: Schema<unknown, Value> | undefined
  /** The options, resolved. */
  readonly options: Readonly<FunctionSpec>
}

/** Makes the function that callers call, from a function and its options. */
export function wrap(core: Core, spec: FunctionSpec): Cached<unknown, unknown> {
  const identity = JSON.stringify([spec.app, spec.name, spec.version])
  const call = (input?: unknown, options: CallOptions = {}) => callOnce(core, spec, identity, input, options)
  const value = async (input?: unknown, options: CallOptions = {}) => {
    const answer = await call(input, { ...options, asyncTimeout: Number.POSITIVE_INFINITY })
    if (answer.status === 'complete') return answer.value
    throw new RaincheckError(
      'STORE_UNAVAILABLE',
      `${spec.name} was handed off although nobody asked for that`,
    )
  }
  Object.defineProperty(call, 'name', { value: spec.name })
  return Object.assign(call, { value, input: spec.input, output: spec.output, options: spec }) as Cached<
    unknown,
    unknown
  >
}

interface Call {
  scope: string
  deadline: number
  priority: number
  refresh: boolean
}

/** Not an async function: a hit in memory costs one promise. */
function callOnce(
  core: Core,
  spec: FunctionSpec,
  identity: string,
  input: unknown,
  options: CallOptions,
): Promise<CallAnswer<unknown>> {
  try {
    const call = resolveCall(spec, options)
    const { signal } = options
    if (signal) return abandonable(signal, () => prepared(core, spec, identity, input, call))
    return prepared(core, spec, identity, input, call)
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Goes on at once when neither schema, check nor key need to be waited for. */
function prepared(
  core: Core,
  spec: FunctionSpec,
  identity: string,
  input: unknown,
  call: Call,
): Promise<CallAnswer<unknown>> {
  if (spec.input || spec.check || spec.key) return prepareAndAnswer(core, spec, identity, input, call)
  return answerFor(core, spec, input, keyText(identity, call.scope, canonicalText(input)), call)
}

async function prepareAndAnswer(
  core: Core,
  spec: FunctionSpec,
  identity: string,
  input: unknown,
  call: Call,
): Promise<CallAnswer<unknown>> {
  const parsed = (spec.input ? await parseInput(spec.name, spec.input, input) : input) as never
  await spec.check?.(parsed)
  const content = spec.key ? canonicalText(await spec.key(parsed), 'key') : canonicalText(parsed)
  return answerFor(core, spec, parsed, keyText(identity, call.scope, content), call)
}

function answerFor(
  core: Core,
  spec: FunctionSpec,
  input: unknown,
  key: string,
  call: Call,
): Promise<CallAnswer<unknown>> {
  // Here and not before: parsing and hashing may have taken until after a close.
  if (core.closed)
    throw new RaincheckError('CLOSED', `${spec.name} was called after close(); create a new raincheck`)
  if (!call.refresh) {
    const hit = core.hits.get(key)
    if (hit && Date.now() < hit.until) return Promise.resolve(hit.answer)
  }
  const task = core.live.get(key) ?? begin(core, spec, input, key, call)
  return waitForAnswer(core, task, call.deadline)
}

function begin(core: Core, spec: FunctionSpec, input: unknown, keyText: string, call: Call) {
  const title = spec.title?.(input as never) ?? spec.name
  const { scope, priority, refresh } = call
  return beginTask(core, { spec, keyText, scope, input, title, priority }, refresh)
}

/** Long texts are shortened: they would be kept for as long as the value is. */
function keyText(identity: string, scope: string, content: string): string {
  return `${JSON.stringify(scope)}${identity}${content.length > 256 ? `#${digest(content)}` : content}`
}

async function parseInput(name: string, schema: Schema<unknown, unknown>, input: unknown): Promise<unknown> {
  const result = await schema['~standard'].validate(input)
  if (!result.issues) return result.value
  throw new RaincheckError(
    'INVALID_INPUT',
    `${name} was called with a wrong input: ${describeIssues('input', result.issues)}`,
  )
}

function resolveCall(spec: FunctionSpec, options: CallOptions): Call {
  const { scope = '', asyncTimeout, priority = spec.priority, refresh = false } = options
  refuseUnknown(options, ['scope', 'asyncTimeout', 'priority', 'signal', 'refresh'])
  if (typeof scope !== 'string') throw invalid('scope', 'a text', scope)
  const window = asyncTimeout === undefined ? spec.asyncTimeout : parseDuration('asyncTimeout', asyncTimeout)
  return { scope, deadline: Date.now() + window, priority: finite('priority', priority), refresh }
}

/** The caller stops waiting when its signal says so; the work goes on. */
function abandonable<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    start()
      .finally(() => signal.removeEventListener('abort', onAbort))
      .then(resolve, reject)
  })
}
