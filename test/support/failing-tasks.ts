import type { TaskStore } from '../../src/core/words/task-store.js'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { heldFunction, rainWith, slowable } from './rain.js'

/** What an operation of a store does while the store is away. */
export const down = async (): Promise<never> => Promise.reject(new Error('down'))

/** A store in memory that says that other processes see it. */
export function shared(): TaskStore {
  return { ...slowable(memoryTaskStore()), shared: true }
}

/** The same, and what makes one of its operations fail until that is mended. */
export function sharedTasks(): { tasks: TaskStore; fail: (operation: keyof TaskStore) => () => void } {
  const tasks = shared()
  const fail = (operation: keyof TaskStore) => {
    const whole: unknown = tasks[operation]
    Reflect.set(tasks, operation, down)
    return () => void Reflect.set(tasks, operation, whole)
  }
  return { tasks, fail }
}

/** A raincheck of its own on a store, of which some operations fail until they are mended. */
export function rainOn(store: TaskStore, failing: object = {}) {
  const tasks = { ...store, ...failing }
  const rain = rainWith({ tasks, place: '/home/me/raincheck.config.js' })
  const errors: unknown[] = []
  rain.on('store-error', ({ error }) => errors.push(error))
  const { work, ...held } = heldFunction<number>()
  const call = rain.cached({ name: 'f', asyncTimeout: 0, timeout: '10m', ttl: '1h' })(work)
  return { rain, errors, call, ...held, mend: () => Object.assign(tasks, store) }
}
