import { Keyv } from 'keyv'
import type { TaskStore } from '../../../src/core/task-store.js'
import type { Cached, CallAnswer, Raincheck } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { rainWith, slowable } from '../../support/rain.js'

/** How the function under test is wrapped; the clocks differ, so that none hides behind another. */
export const clocks = { asyncTimeout: 1_000, timeout: 20_000, ttl: 5_000, retention: 60_000 }

interface Run {
  key: number
  settle: (value: string) => void
  fail: (error: Error) => void
}

/** The real thing, with a function that the test lets go, and stores that it can break. */
export interface Real {
  rain: Raincheck
  call: Cached<number, string>
  /** Runs under way, oldest first. */
  runs: Run[]
  /** Calls that have not been answered. */
  asked: Map<number, Asked>
  faults: { tasks: boolean; values: boolean }
}

export interface Asked {
  key: number
  at: number
  window: number
  answer: CallAnswer<string> | undefined
  error: Error | undefined
}

export function createReal(): Real {
  const faults = { tasks: false, values: false }
  const runs: Run[] = []
  const rain = rainWith({
    tasks: breakable(memoryTaskStore(), faults),
    values$: breakableKeyv(faults),
    retention: clocks.retention,
  })
  const { asyncTimeout, timeout, ttl } = clocks
  const call = rain.cached({ name: 'f', asyncTimeout, timeout, ttl })(
    (key: number) => new Promise<string>((settle, fail) => runs.push({ key, settle, fail })),
  )
  return { rain, call, runs, asked: new Map(), faults }
}

function breakable(store: TaskStore, faults: { tasks: boolean }): TaskStore {
  const whole = slowable(store)
  const broken = Object.entries(whole).map(([name, operation]) => {
    if (typeof operation !== 'function' || name === 'close') return [name, operation]
    const operate = async (...args: unknown[]) => {
      if (faults.tasks) throw new Error(`the task store is down: ${name}`)
      return Reflect.apply(operation, whole, args)
    }
    return [name, operate]
  })
  return Object.fromEntries(broken)
}

function breakableKeyv(faults: { values: boolean }): Keyv {
  const keyv = new Keyv()
  const { set } = keyv
  keyv.set = async (...args: Parameters<typeof set>) => {
    if (faults.values) throw new Error('the value store is down')
    return set.apply(keyv, args)
  }
  return keyv
}
