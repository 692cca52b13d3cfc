import { availableParallelism } from 'node:os'
import { inProcess } from './backends/in-process/in-process.js'
import { appName } from './core/options/app-name.js'
import { resolveBackend } from './core/options/function-options.js'
import { Raincheck } from './core/raincheck.js'
import { defaultSerializer, type Serializer } from './core/values/serializer.js'
import { createValueStore } from './core/values/value-store.js'
import type { BackendLimits, TaskBackend } from './core/words/backend.js'
import { invalid, refuseUnknown, wholeNumber } from './core/words/check-option.js'
import { type Duration, parseDuration } from './core/words/duration.js'
import { openStores, type StoreOption } from './stores/open.js'

/** Options of `createRaincheck`. */
export interface RaincheckOptions {
  /**
   * Where tasks and values are kept: `'sqlite'` in the data directory, `'sqlite:<path>'` in a file, `'redis[s]://…'` on a server
   * (which needs the package `@keyv/redis`), any Keyv, which has values and settled tasks, or a custom `{ tasks, values }`. It is opened by its
   * first use.
   * @default memory
   */
  store?: StoreOption
  /** A part of the identity of each function, which keeps programs on one store apart. @default the nearest package's name */
  app?: string
  /** Where tasks run, such as `processPool()`. @default in this process */
  backend?: TaskBackend
  /** How many tasks run at once in this process. Not together with `backend`, which has its own. @default the number of processors */
  concurrency?: number
  /**
   * How many tasks may wait for a slot in this process. A call that would make one more task wait is rejected with `BUSY` before a task exists. Calls
   * that join a task, tasks that are taken over and retries are never rejected. @default Infinity
   */
  maxWaiting?: number
  /** How many tasks of one scope run at once, so that nobody starves the others. @default no limit */
  perScope?: number
  /** At most `starts` tasks, a whole number, start in any span of `per`. @default no limit */
  rateLimit?: { starts: number; per: Duration }
  /** How long a ref can be redeemed once its task has settled. @default '1d' */
  retention?: Duration
  /** How many settled tasks a store in memory keeps, and how many values of any store this process answers by itself. @default 10,000 */
  maxEntries?: number
  /**
   * How long a value from any store but memory is answered from memory, without seeing what others do to it: replace, prune or delete it.
   * @default '5s'
   */
  memoryTtl?: Duration
  /** How values become text. @default one that keeps Date, Map, Set, BigInt, Buffer, typed arrays, Error and undefined */
  serializer?: Serializer
}

/**
 * Makes a raincheck: it wraps functions (`cached`) and redeems refs (`poll`).
 * @throws RaincheckError `INVALID_OPTION`, naming the option.
 */
export function createRaincheck(options: RaincheckOptions = {}): Raincheck {
  return createFor(undefined, options)
}

/** @param place Where other processes find its functions: `bundled`, or the path of a config file. */
export function createFor(place: string | undefined, options: RaincheckOptions): Raincheck {
  refuseUnknown(options, known)
  const { app = appName(), retention = '1d' } = options
  if (typeof app !== 'string' || app === '') throw invalid('app', 'a text that is not empty', app)
  const memoryTtl = parseDuration('memoryTtl', options.memoryTtl ?? '5s')
  const limits = resolveLimits(options)
  const adopt = (backend: TaskBackend) => backend.limit(refuseWhatItCannot(backend, limits))
  const backend = chooseBackend(options)
  adopt(backend)
  const serializer = resolveSerializer(options.serializer)
  const stores = openStores(options.store)
  return new Raincheck({
    ...{ place, app, backend, adopt, serializer, tasks: stores.tasks, closeStores: stores.close },
    immediate: stores.immediateTasks,
    ...(stores.open ? { openStore: stores.open } : {}),
    ...(stores.hits ? { hits: stores.hits } : {}),
    values: createValueStore(stores.values, serializer, stores.immediate),
    retention: parseDuration('retention', retention),
    maxWaiting: resolveMaxWaiting(options.maxWaiting),
    maxEntries: wholeNumber('maxEntries', options.maxEntries ?? 10_000, 1),
    // Nobody else gets at a store in memory.
    memoryTtl: stores.immediate ? Number.POSITIVE_INFINITY : memoryTtl,
  })
}

const known = [
  ...['store', 'app', 'backend', 'concurrency', 'maxWaiting', 'perScope', 'rateLimit'],
  ...['retention', 'maxEntries', 'memoryTtl', 'serializer'],
]

function chooseBackend({ backend, concurrency }: RaincheckOptions): TaskBackend {
  if (backend === undefined)
    return inProcess({ concurrency: wholeNumber('concurrency', concurrency ?? availableParallelism(), 1) })
  const { name } = resolveBackend(backend)
  if (concurrency !== undefined)
    throw invalid(
      'concurrency',
      `left out with the ${name} backend, which has a size of its own`,
      concurrency,
    )
  return backend
}

function resolveMaxWaiting(maxWaiting = Number.POSITIVE_INFINITY): number {
  return maxWaiting === Number.POSITIVE_INFINITY ? maxWaiting : wholeNumber('maxWaiting', maxWaiting, 0)
}

function resolveLimits({ perScope, rateLimit }: RaincheckOptions): BackendLimits {
  return {
    ...(perScope === undefined ? {} : { perScope: wholeNumber('perScope', perScope, 1) }),
    ...(rateLimit === undefined ? {} : { rateLimit: resolveRateLimit(rateLimit) }),
  }
}

function resolveRateLimit(rateLimit: unknown): { starts: number; per: number } {
  if (typeof rateLimit !== 'object' || rateLimit === null)
    throw invalid('rateLimit', "an object such as { starts: 10, per: '1s' }", rateLimit)
  refuseUnknown(rateLimit, ['starts', 'per'])
  const { starts, per } = rateLimit as { starts?: unknown; per?: unknown }
  const span = parseDuration('rateLimit.per', per)
  if (span === 0 || span === Number.POSITIVE_INFINITY)
    throw invalid('rateLimit.per', "a span of time such as '1s'", per)
  return { starts: wholeNumber('rateLimit.starts', starts, 1), per: span }
}

/** A limit that a backend cannot keep is refused when it is chosen, not ignored later. */
function refuseWhatItCannot({ name, capabilities }: TaskBackend, limits: BackendLimits): BackendLimits {
  for (const limit of ['perScope', 'rateLimit'] as const)
    if (limits[limit] !== undefined && !capabilities[limit])
      throw invalid(limit, `left out: the ${name} backend cannot keep it`, limits[limit])
  return limits
}

function resolveSerializer(serializer: unknown = defaultSerializer): Serializer {
  const { stringify, parse } = Object(serializer) as Partial<Serializer>
  if (typeof stringify === 'function' && typeof parse === 'function') return serializer as Serializer
  throw invalid('serializer', 'an object with the functions stringify and parse', serializer)
}
