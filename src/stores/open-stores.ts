import { EventEmitter } from 'node:events'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { type DeserializedData, Keyv, type KeyvStoreAdapter, type StoredData } from 'keyv'
import { invalid } from '../core/function-options.js'
import type { TaskStore } from '../core/task-store.js'
import { memoryTaskStore } from './memory.js'
import { sqliteTaskStore } from './sqlite.js'
import { type SqliteFile, sqliteFile } from './sqlite-file.js'

/** Where tasks and values are kept: in memory, in the data directory, in a file, or in any Keyv. */
export type StoreOption = 'sqlite' | `sqlite:${string}` | Keyv

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
  // Not instanceof: the caller's Keyv may be another copy of the package.
  if (typeof option === 'object' && option !== null && 'getMany' in option && 'opts' in option)
    return withKeyv(option)
  throw invalid('store', "'sqlite', 'sqlite:<path>' or a Keyv", option)
}

/** The file of a SQLite store; undefined for any other. */
export function storeFile(option: StoreOption | undefined): string | undefined {
  if (option === 'sqlite') return join(dataDirectory(), 'raincheck.db')
  return typeof option === 'string' && /^sqlite:./.test(option)
    ? resolve(option.slice('sqlite:'.length))
    : undefined
}

/** `RAINCHECK_HOME`, or where the platform keeps the data of programs. */
export function dataDirectory(): string {
  return process.env.RAINCHECK_HOME ?? envPaths('raincheck', { suffix: '' }).data
}

function inFile(path: string): Stores {
  const file = sqliteFile(path)
  const values = new Keyv({ store: lazyAdapter(file), namespace: 'raincheck', serialize, deserialize })
  return { tasks: sqliteTaskStore(file), values, immediate: false, close: () => file.close() }
}

/** A value is text already; to write it into JSON once more would escape a megabyte for nothing. */
function serialize({ value, expires }: DeserializedData<unknown>): string {
  return `${expires ?? ''}:${value}`
}

function deserialize<Value>(text: string): DeserializedData<Value> {
  const at = text.indexOf(':')
  const expires = at === 0 ? {} : { expires: Number(text.slice(0, at)) }
  return { value: text.slice(at + 1) as Value, ...expires }
}

/** Any Keyv holds values, but lacks the atomic operations that records need: those stay in memory. */
function withKeyv(values: Keyv): Stores {
  return { tasks: memoryTaskStore(), values, immediate: false, close: () => Promise.resolve() }
}

function inMemory(): Keyv {
  const values = new Keyv({ namespace: 'raincheck' })
  // What it is given is text already: to write that into JSON again would be for nothing.
  values.serialize = undefined as unknown as typeof values.serialize
  return values
}

function lazyAdapter(file: SqliteFile): KeyvStoreAdapter {
  return Object.assign(new EventEmitter(), {
    opts: {},
    get: async <Value>(key: string) => (await file.adapter()).get<StoredData<Value>>(key),
    set: async (key: string, value: unknown) => void (await (await file.adapter()).set(key, value)),
    delete: async (key: string) => (await file.adapter()).delete(key),
    clear: async () => (await file.adapter()).clear(),
  })
}
