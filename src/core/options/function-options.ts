import { isShared, type TaskBackend, type Work } from '../words/backend.js'
import {
  callback,
  finite,
  invalid,
  refuseUnknown,
  text,
  wholeNumber,
  yesOrNo,
} from '../words/check-option.js'
import { type Duration, parseDuration } from '../words/duration.js'
import type { Schema } from '../words/schema.js'
import { addressOf } from './from-module.js'

/** Options of one cached function. */
export interface FunctionOptions<Parsed, Value> {
  /** With `app` and `version` the identity of the function. @default the name of the wrapped function */
  name?: string
  /** Change it when the function changes, so that old values are not answered any more. @default '1' */
  version?: string
  /**
   * Tells apart the objects that wrap the same function, such as a method; part of the identity. Wrapping the same identity and instance again
   * replaces the older function. Neither is kept in memory by the raincheck: a function that nothing else holds is dropped once its tasks have ended.
   * @default none: the identity can be wrapped only once
   */
  instance?: string
  /** How long a caller waits before it gets a ref; counted from the call. `0` hands off at once, `Infinity` never. */
  asyncTimeout: Duration
  /**
   * How long the work may take, counted from its first start, all attempts together; then it is aborted, and the task fails with
   * `TIMEOUT`. @default Infinity
   */
  timeout?: Duration
  /**
   * How long a key answers from the store, counted from settling. A function of the value and the parsed input is called once, when a value
   * settles; if it throws or returns no duration, a `store-error` event says so and 0 is used. With 0 no later call gets the value, but its ref
   * can still be redeemed. @default 0, no caching
   */
  ttl?: Duration | ((value: Value, input: Parsed) => Duration)
  /** How long a key answers with an error from the store, counted from settling, unless `grace` has an old value. @default 0 */
  errorTtl?: Duration
  /** How long past `ttl` an old value may stand in while a new one takes longer than the window, or fails. @default 0 */
  grace?: Duration
  /** How many more attempts a failing task gets. Programmer's errors and `NonRetryableError` get none. @default 0 */
  retries?: number
  /** The wait before the second attempt; doubled for each further one, and up to doubled again at random. @default '1s' */
  retryDelay?: Duration
  /** Decides whether an error is worth another attempt. Is not asked about those that get none. @default always */
  retryIf?: (error: unknown) => boolean
  /**
   * A zod schema (or any Standard Schema) that input is parsed with, once, before a task exists: what does not fit rejects the call
   * with `INVALID_INPUT`. @default the input is taken as it is
   */
  input?: Schema<unknown, Parsed>
  /** A schema that the value is parsed with; what does not fit fails the task with `INVALID_VALUE`. @default the value is taken as it is */
  output?: Schema<unknown, Value>
  /** Refuses a call before a task exists, by throwing: the call rejects with that. @default refuses none */
  check?: (input: Parsed) => void | Promise<void>
  /**
   * Picks what tells calls apart, perhaps by a promise: plain data, Date, Map, Set, URL, RegExp and bytes, in any order of keys.
   * Another instance, a function or a cycle rejects the call with `INVALID_INPUT`. @default the whole input
   */
  key?: (input: Parsed) => unknown
  /** One line for people about a task. @default the name */
  title?: (input: Parsed) => string
  /** Among waiting tasks, higher first. @default 0 */
  priority?: number
  /**
   * Whether another process may run a task again whose process ended before it was done. Without that it fails with `INTERRUPTED`.
   * @default true
   */
  resume?: boolean
  /** Where it runs. @default that of `createRaincheck` */
  backend?: TaskBackend
}

/** The same, validated and with nothing optional that has a default. Durations are milliseconds. */
export interface FunctionSpec {
  readonly app: string
  readonly name: string
  readonly version: string
  /** '' where there is none. */
  readonly instance: string
  readonly asyncTimeout: number
  readonly timeout: number
  readonly ttl: number | ((value: never, input: never) => Duration)
  readonly errorTtl: number
  readonly grace: number
  readonly retries: number
  readonly retryDelay: number
  readonly retryIf: ((error: unknown) => boolean) | undefined
  readonly input: Schema<unknown, unknown> | undefined
  readonly output: Schema<unknown, unknown> | undefined
  readonly check: ((input: never) => void | Promise<void>) | undefined
  readonly key: ((input: never) => unknown) | undefined
  readonly title: ((input: never) => string) | undefined
  readonly priority: number
  readonly resume: boolean
  /** How long a ref can be redeemed once its task has settled, in milliseconds; that of `createRaincheck`. */
  readonly retention: number
  /** Where other processes find it: `bundled`, the path of a config file, or the place of a shared backend. */
  readonly place: string | undefined
  readonly backend: TaskBackend
  readonly work: Work
}

/** @throws RaincheckError `INVALID_OPTION`, naming the option, what is expected and what came. */
export function resolveFunction(
  options: FunctionOptions<never, never>,
  work: Work,
  defaults: { app: string; backend: TaskBackend; place: string | undefined; retention: number },
): FunctionSpec {
  if (typeof work !== 'function') throw invalid('cached(…)(fn): fn', 'a function', work)
  refuseUnknown(options, known)
  const backend = resolveBackend(options.backend ?? defaults.backend)
  const spec = {
    app: defaults.app,
    name: text(
      'name',
      options.name ?? work.name,
      'a text that is not empty (the wrapped function has no name)',
    ),
    version: text('version', options.version ?? '1', 'a text that is not empty'),
    instance: resolveInstance(options.instance),
    asyncTimeout: parseDuration('asyncTimeout', options.asyncTimeout),
    timeout: parseDuration('timeout', options.timeout ?? Number.POSITIVE_INFINITY),
    ttl: typeof options.ttl === 'function' ? options.ttl : parseDuration('ttl', options.ttl ?? 0),
    errorTtl: parseDuration('errorTtl', options.errorTtl ?? 0),
    grace: parseDuration('grace', options.grace ?? 0),
    retries: wholeNumber('retries', options.retries ?? 0, 0),
    retryDelay: parseDuration('retryDelay', options.retryDelay ?? 1_000),
    retryIf: callback('retryIf', options.retryIf),
    input: schema('input', options.input),
    output: schema('output', options.output),
    check: callback('check', options.check),
    key: callback('key', options.key),
    title: callback('title', options.title),
    priority: finite('priority', options.priority ?? 0),
    resume: yesOrNo('resume', options.resume ?? true),
    retention: defaults.retention,
    place: defaults.place ?? (isShared(backend) ? backend.place : undefined),
    backend,
    work,
  }
  if (backend.capabilities.functions === 'module' && !addressOf(work))
    throw invalid(`cached(…)(fn): fn on the ${backend.name} backend`, 'a function made by fromModule', work)
  return spec
}

/** '' would be no instance, though one was asked for. */
function resolveInstance(instance: string | undefined): string {
  return instance === undefined ? '' : text('instance', instance, 'a text that is not empty')
}

/** Told by what it can do, since a backend may be anybody's. */
export function resolveBackend(backend: TaskBackend): TaskBackend {
  const given = Object(backend) as Partial<TaskBackend>
  const missing = backendMethods.find((method) => typeof given[method] !== 'function')
  if (missing === undefined && typeof given.capabilities === 'object') return backend
  throw invalid('backend', 'a backend such as processPool(), with all methods of TaskBackend', backend)
}

const known: readonly (keyof FunctionOptions<never, never>)[] = [
  ...(['name', 'version', 'instance', 'asyncTimeout', 'timeout', 'ttl', 'errorTtl', 'grace'] as const),
  ...(['retries', 'retryDelay', 'retryIf', 'input', 'output', 'check', 'key', 'title', 'priority'] as const),
  ...(['resume', 'backend'] as const),
]

const backendMethods = ['limit', 'run', 'setPriority', 'stats', 'pause', 'resume', 'close'] as const

function schema<S extends Schema<unknown, unknown>>(option: string, value: S | undefined): S | undefined {
  if (value === undefined || typeof value['~standard']?.validate === 'function') return value
  throw invalid(option, 'a zod schema (or another Standard Schema)', value)
}
