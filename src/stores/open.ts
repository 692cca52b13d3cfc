import { EventEmitter } from 'node:events'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { Keyv, type KeyvStoreAdapter, type StoredData } from 'keyv'
import { invalid } from '../core/words/check-option.js'
import type { TaskStore } from '../core/words/task-store.js'
import { deserialize, NAMESPACE, serialize } from './kept-values.js'
import { memoryTaskStore } from './memory.js'
import { checkRedisUrl, isRedisUrl, type RedisUrl } from './redis/address.js'
import { redisTaskStore } from './redis/redis.js'
import { redisServer } from './redis/server.js'
import { sqliteFile } from './sqlite/file.js'
import { sqliteTaskStore } from './sqlite/sqlite.js'

/** Where tasks and values are kept: in memory, in the data directory, in a file, on a Redis server, or in any Keyv. */
export type StoreOption = 'sqlite' | `sqlite:${string}` | RedisUrl | Keyv

export interface Stores {
  tasks: TaskStore
  values: Keyv
  /** Whether the values are in this process's memory, too. */
  immediate: boolean
  close(): Promise<void>
}

/** Opens nothing yet: a file is opened by its first use. */
export function openStores(option: StoreOption | undefined): Stores {
  if (option === undefined) return { ...withKeyv(inMemory()), immediate: true }
  const path = storeFile(option)
  if (path !== undefined) return inFile(path)
  if (isRedisUrl(option)) return onRedis(option)
  // Not instanceof: the caller's Keyv may be another copy of the package.
  if (typeof option === 'object' && option !== null && 'getMany' in option && 'opts' in option)
    return withKeyv(option)
  throw invalid('store', "'sqlite', 'sqlite:<path>', 'redis://…' or a Keyv", option)
}

/** The absolute path of a SQLite store's file, which need not exist; undefined for any other store. */
export function storeFile(option: StoreOption | undefined): string | undefined {
  if (option === 'sqlite') return join(dataDirectory(), 'raincheck.db')
  return typeof option === 'string' && /^sqlite:./.test(option)
    ? resolve(option.slice('sqlite:'.length))
    : undefined
}

/** The variable `RAINCHECK_HOME`, or where the platform keeps the data of programs. It need not exist. */
export function dataDirectory(): string {
  return process.env.RAINCHECK_HOME ?? envPaths('raincheck', { suffix: '' }).data
}

function inFile(path: string): Stores {
  const file = sqliteFile(path)
  const values = keyvOn(async (use) => use(await file.adapter()))
  return { tasks: sqliteTaskStore(file), values, immediate: false, close: () => file.close() }
}

function onRedis(url: RedisUrl): Stores {
  checkRedisUrl('store', url)
  const server = redisServer(url)
  const values = keyvOn((use) => server.use(({ adapter }) => use(adapter)))
  return { tasks: redisTaskStore(server), values, immediate: false, close: () => server.close() }
}

/** Any Keyv holds values, but lacks the atomic operations that records need: those stay in memory. */
function withKeyv(values: Keyv): Stores {
  return { tasks: memoryTaskStore(), values, immediate: false, close: () => Promise.resolve() }
}

function inMemory(): Keyv {
  const values = new Keyv({ namespace: NAMESPACE })
  // What it is given is text already: to write that into JSON again would be for nothing.
  values.serialize = undefined as unknown as typeof values.serialize
  return values
}

type ValueAdapter = Pick<KeyvStoreAdapter, 'get' | 'set' | 'delete' | 'clear'>

/** @param onAdapter Hands over the adapter that values are kept by, once that is connected. */
function keyvOn(onAdapter: <T>(use: (adapter: ValueAdapter) => Promise<T>) => Promise<T>): Keyv {
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
