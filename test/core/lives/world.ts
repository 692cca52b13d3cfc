import { Keyv } from 'keyv'
import type { TaskHandle } from '../../../src/core/words/backend.js'
import type { TaskStore } from '../../../src/core/words/task-store.js'
import { type Answer, type CancelResult, createRaincheck, type Raincheck } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { rainWith, slowable } from '../../support/rain.js'
import { clocks, functions, type Key } from './functions.js'

/** What a store can be told to get wrong, until it is told otherwise. */
export type Fault =
  | { of: 'tasks'; operation: 'start' | 'update' | 'settle' | 'get' | 'renew'; kind: 'rejects' }
  | { of: 'values'; operation: 'get'; kind: 'rejects' }
  | { of: 'values'; operation: 'set'; kind: 'rejects' | 'answers false' }

/** One attempt of a function, until the test ends it. */
export interface Run {
  key: Key
  ref: string
  attempt: number
  handle: TaskHandle
  succeed(value: string): void
  fail(error: Error): void
}

/** The real thing: a raincheck, a function for each key that the test lets go, and stores that it can break. */
export interface World {
  rain: Raincheck
  call(key: Key, options: { asyncTimeout: number; refresh: boolean }): Promise<Answer<string>>
  poll(ref: string, wait: number): Promise<Answer<string>>
  cancel(ref: string): Promise<CancelResult>
  retry(ref: string): Promise<Answer<string>>
  /** Runs under way, oldest first, those of tasks that have ended too. */
  runs: Run[]
  faults: Fault[]
  /** The events of each task's end. */
  ends: Map<string, string[]>
}

/** @param shared With a task store that others may see, which fails like one, or with that of this process alone. */
export function createWorld(shared: boolean): World {
  const faults: Fault[] = []
  const rain = shared ? onSharedStores(faults) : onKeyv(faults)
  const runs: Run[] = []
  const calls = functions.map((options, key) =>
    rain.cached({ ...options, name: `f${key}`, asyncTimeout: clocks.asyncTimeout })(
      (_: string, handle) =>
        new Promise<string>((succeed, fail) =>
          runs.push({ key: key as Key, ref: handle.ref, attempt: handle.attempt, handle, succeed, fail }),
        ),
    ),
  )
  const ends = new Map<string, string[]>()
  for (const event of ['complete', 'fail', 'cancel'] as const)
    rain.on(event, ({ ref }) => ends.set(ref, [...(ends.get(ref) ?? []), event]))
  return {
    ...{ rain, runs, faults, ends },
    call: async (key, options) => {
      const call = calls[key]
      if (!call) throw new Error(`there is no function ${key}`)
      return call('input', options)
    },
    poll: (ref, wait) => rain.poll<string>(ref, { wait }),
    cancel: (ref) => rain.cancel(ref),
    retry: (ref) => rain.retry<string>(ref),
  }
}

function onSharedStores(faults: readonly Fault[]): Raincheck {
  const { retention, memoryTtl } = clocks
  const tasks: TaskStore = { ...breakable(memoryTaskStore(), faults), shared: true }
  return rainWith({ tasks, values$: breakableKeyv(faults), retention, memoryTtl })
}

function onKeyv(faults: readonly Fault[]): Raincheck {
  return createRaincheck({
    store: breakableKeyv(faults),
    concurrency: 4,
    retention: clocks.retention,
    memoryTtl: clocks.memoryTtl,
    app: 'test',
  })
}

function breakable(store: TaskStore, faults: readonly Fault[]): TaskStore {
  const whole = slowable(store)
  const operations = Object.entries(whole).map(([name, operation]) => {
    if (typeof operation !== 'function') return [name, operation]
    const operate = async (...args: unknown[]) => {
      if (faults.some(({ of, operation }) => of === 'tasks' && operation === name))
        throw new Error(`the task store is down: ${name}`)
      return Reflect.apply(operation, whole, args)
    }
    return [name, operate]
  })
  return Object.fromEntries(operations)
}

function breakableKeyv(faults: readonly Fault[]): Keyv {
  const keyv = new Keyv()
  for (const name of ['get', 'set'] as const) {
    const operation: (...args: never[]) => Promise<unknown> = keyv[name]
    Reflect.set(keyv, name, async (...args: unknown[]) => {
      const fault = faults.find(({ of, operation }) => of === 'values' && operation === name)
      if (fault?.kind === 'answers false') return false
      if (fault) throw new Error(`the value store is down: ${name}`)
      return Reflect.apply(operation, keyv, args)
    })
  }
  return keyv
}
