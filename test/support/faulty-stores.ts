import { Keyv } from 'keyv'
import type { TaskStore } from '../../src/core/task-store.js'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { slowable } from './rain.js'

export const kinds = ['throws', 'hangs', 'answers false', 'loses its answer', 'is away for 2 s'] as const
type Kind = (typeof kinds)[number]

/** Which call of the stores goes wrong, counted from 0, and how. */
export interface Fault {
  at: number
  kind: Kind
}

/** Stores in memory that count their calls by name, and fail one of them. */
export function faultyStores(fault?: Fault) {
  const calls: string[] = []
  let awayUntil = 0

  const guard =
    (name: string, operation: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]): Promise<unknown> => {
      const isIt = calls.push(name) - 1 === fault?.at
      if (isIt && fault.kind === 'is away for 2 s') awayUntil = Date.now() + 2_000
      if (Date.now() < awayUntil) throw new Error(`away: ${name}`)
      if (isIt && fault.kind === 'throws') throw new Error(`refused: ${name}`)
      if (isIt && fault.kind === 'hangs') return new Promise(() => {})
      if (isIt && fault.kind === 'answers false' && name === 'values.set') return false
      const answer = await operation(...args)
      if (isIt && fault.kind === 'loses its answer') throw new Error(`lost: ${name}`)
      return answer
    }

  const whole = slowable(memoryTaskStore())
  const operations = Object.entries(whole).map(([name, operation]) => [
    name,
    typeof operation === 'function' && name !== 'close'
      ? guard(`tasks.${name}`, operation as never)
      : operation,
  ])
  const values = new Keyv()
  for (const name of ['get', 'set', 'delete'] as const)
    Reflect.set(values, name, guard(`values.${name}`, values[name].bind(values) as never))
  return { tasks: Object.fromEntries(operations) as TaskStore, values, calls }
}
