import { availableParallelism } from 'node:os'
import { inProcess } from './backends/in-process.js'
import { appName } from './core/app-name.js'
import type { TaskBackend } from './core/backend.js'
import { defaultSerializer, type Serializer } from './core/codec.js'
import { type Duration, parseDuration } from './core/duration.js'
import { invalid, refuseUnknown } from './core/function-options.js'
import { Raincheck } from './core/raincheck.js'
import { createValueStore } from './core/value-store.js'
import { openStores, type StoreOption } from './stores/open-stores.js'

/** Options of `createRaincheck`. */
export interface RaincheckOptions {
  /**
   * Where tasks and values are kept: `'sqlite'` in the data directory, `'sqlite:<path>'` in a file, or any Keyv (whose
   * task records stay in memory). @default memory
   */
  store?: StoreOption
  /** A part of the identity of each function, which keeps programs on one store apart. @default the nearest package's name */
  app?: string
  /** Where tasks run. @default in this process */
  backend?: TaskBackend
  /** How many tasks run at once in this process. @default the number of processors */
  concurrency?: number
  /** How long a ref can be redeemed once its task has settled. @default '1d' */
  retention?: Duration
  /** How many settled tasks are kept in memory. @default 10,000 */
  maxEntries?: number
  /** How long a value from a shared store is answered from memory, unseen by what other processes do to it. @default '5s' */
  memoryTtl?: Duration
  /** How values become text. @default one that keeps Date, Map, Set, BigInt, Buffer, typed arrays, Error and undefined */
  serializer?: Serializer
}

/**
 * Makes a raincheck: it wraps functions (`cached`) and redeems refs (`poll`).
 * @throws RaincheckError `INVALID_OPTION`, naming the option.
 */
export function createRaincheck(options: RaincheckOptions = {}): Raincheck {
  refuseUnknown(options, known)
  const { app = appName(), retention = '1d', memoryTtl = '5s', serializer = defaultSerializer } = options
  if (typeof app !== 'string' || app === '') throw invalid('app', 'a text that is not empty', app)
  const concurrency = count('concurrency', options.concurrency ?? availableParallelism())
  const stores = openStores(options.store)
  return new Raincheck({
    app,
    tasks: stores.tasks,
    values: createValueStore(stores.values, serializer),
    closeStores: stores.close,
    serializer,
    backend: options.backend ?? inProcess({ concurrency }),
    retention: parseDuration('retention', retention),
    maxEntries: count('maxEntries', options.maxEntries ?? 10_000),
    memoryTtl: parseDuration('memoryTtl', memoryTtl),
  })
}

const known = ['store', 'app', 'backend', 'concurrency', 'retention', 'maxEntries', 'memoryTtl', 'serializer']

function count(option: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
  throw invalid(option, 'a whole number of 1 or more', value)
}
