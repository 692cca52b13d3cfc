import { EventEmitter } from 'node:events'
import { Keyv, type KeyvStoreAdapter, type StoredData } from 'keyv'
import { checkTaskStore } from '../core/values/task-store-deadlines.js'
import { invalid, refuseUnknown } from '../core/words/check-option.js'
import type { AnyText } from '../core/words/duration.js'
import type { Hits } from '../core/words/hits.js'
import type { TaskStore } from '../core/words/task-store.js'
import { storeFile } from './data-directory.js'
import { deserialize, NAMESPACE, serialize } from './kept-values.js'
import { keyvTaskStore } from './keyv-records.js'
import { memoryStores, memoryTaskStore } from './memory.js'
import { checkRedisUrl, isRedisUrl, type RedisUrl } from './redis/address.js'
import { redisTaskStore } from './redis/redis.js'
import { redisServer } from './redis/server.js'
import { sqliteFile } from './sqlite/file.js'
import { sqliteTaskStore } from './sqlite/sqlite.js'
import { valuesIn } from './sqlite/values.js'

/**
 * Where tasks and values are kept: in memory, in the data directory, in a file, on a Redis server, values in any Keyv, or all in a custom
 * store. Any other text, such as one of the environment, is checked when it is used.
 */
export type StoreOption = 'sqlite' | `sqlite:${string}` | RedisUrl | AnyText | Keyv | CustomStore

/** A custom store, which the raincheck does not close. */
export interface CustomStore {
  /** The task records. It should pass `taskStoreContract` of `raincheck/testing`. */
  tasks: TaskStore
  /** The values. Needed where `tasks` is shared, or keeps values itself: then a Keyv that finds them there. @default in memory */
  values?: Keyv
}

export interface Stores {
  tasks: TaskStore
  values: Keyv
  /** Where a store in memory keeps hits. */
  hits?: Hits
  /** Whether nothing is kept outside of this process's memory, so that no call waits. */
  immediate: boolean
  /** The same of the records alone. */
  immediateTasks: boolean
  /** Loads the driver and opens the file, or connects, where that is still to do. Undefined where there is nothing to open. */
  open?(): Promise<unknown>
  close(): Promise<void>
}

/** Opens nothing yet: a file is opened by its first use. */
export function openStores(option: StoreOption | undefined): Stores {
  if (option === undefined)
    return { ...memoryStores(), immediate: true, immediateTasks: true, close: leftOpen }
  const path = storeFile(option)
  if (path !== undefined) return inFile(path)
  if (isRedisUrl(option)) return onRedis(option)
  if (isKeyv(option)) return onKeyv(option)
  if (typeof option === 'object' && option !== null && 'tasks' in option) return custom(option)
  throw invalid('store', "'sqlite', 'sqlite:<path>', 'redis://…', a Keyv or { tasks, values }", option)
}

function inFile(path: string): Stores {
  const file = sqliteFile(path)
  const adapter = valuesIn(file)
  const values = keyvOn((use) => use(adapter))
  const open = () => file.open()
  return { tasks: sqliteTaskStore(file), values, ...waiting, open, close: () => file.close() }
}

function onRedis(url: RedisUrl): Stores {
  checkRedisUrl('store', url)
  const server = redisServer(url)
  const values = keyvOn((use) => server.use(({ adapter }) => use(adapter)))
  const open = () => server.use(async () => {})
  return { tasks: redisTaskStore(server), values, ...waiting, open, close: () => server.close() }
}

/** What is in a Map ends with this process; anything else may be found again by a later one. */
function onKeyv(values: Keyv): Stores {
  const isMap = values.opts.store instanceof Map
  const tasks = isMap ? memoryTaskStore() : keyvTaskStore(values)
  return { tasks, values, immediate: false, immediateTasks: isMap, close: leftOpen }
}

function custom(option: CustomStore): Stores {
  refuseUnknown(option, ['tasks', 'values'])
  const { tasks, values } = option
  checkTaskStore('store.tasks', tasks)
  if (values !== undefined && !isKeyv(values)) throw invalid('store.values', 'a Keyv', values)
  if (!values && (tasks.shared || tasks.keepsValues))
    throw invalid('store.values', 'a Keyv that every process on this task store shares', values)
  return { tasks, values: values ?? inMemory(), ...waiting, close: leftOpen }
}

/** Not instanceof: it may be another copy of the package. */
function isKeyv(option: unknown): option is Keyv {
  return typeof option === 'object' && option !== null && 'getMany' in option && 'opts' in option
}

const waiting = { immediate: false, immediateTasks: false }

/** Who made a store closes it. */
const leftOpen = () => Promise.resolve()

function inMemory(): Keyv {
  const values = new Keyv({ namespace: NAMESPACE })
  // What it is given is text already: to write that into JSON again would be for nothing.
  values.serialize = undefined as unknown as typeof values.serialize
  return values
}

type ValueAdapter = Pick<KeyvStoreAdapter, 'get' | 'set' | 'delete' | 'clear'>

/** @param onAdapter Hands over the adapter that values are kept by, once that is connected. */
export function keyvOn(onAdapter: <T>(use: (adapter: ValueAdapter) => Promise<T>) => Promise<T>): Keyv {
  const store = Object.assign(new EventEmitter(), {
    opts: {},
    get: <Value>(key: string) => onAdapter((adapter) => adapter.get<StoredData<Value>>(key)),
    set: (key: string, value: unknown, ttl?: number) =>
      onAdapter(async (adapter) => void (await adapter.set(key, value, ttl))),
    delete: (key: string) => onAdapter((adapter) => adapter.delete(key)),
    clear: () => onAdapter((adapter) => adapter.clear()),
  })
  return new Keyv({ store, namespace: NAMESPACE, serialize, deserialize })
}
