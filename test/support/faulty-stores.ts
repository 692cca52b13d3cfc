import { Keyv } from 'keyv'
import { valueKey } from '../../src/core/values/value-store.js'
import type { TaskStore } from '../../src/core/words/task-store.js'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { slowable } from './rain.js'

export const kinds = ['throws', 'hangs', 'answers false', 'loses its answer', 'is away for 2 s'] as const
type Kind = (typeof kinds)[number]

/** Which call of the stores goes wrong, counted from 0, and how. */
export interface Fault {
  at: number
  kind: Kind
}

/** What the stores are like: whether others see the records, and whether a settle keeps the value, too. */
export type StoreTraits = Pick<TaskStore, 'shared' | 'keepsValues'>

/** Stores in memory that count their calls by name, and fail one of them. */
export function faultyStores(traits: StoreTraits, fault?: Fault) {
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

  const values = new Keyv()
  const store = slowable(memoryTaskStore())
  const whole = {
    ...store,
    ...traits,
    settle: traits.keepsValues ? settleAndKeep(store, values) : store.settle,
  }
  const operations = Object.entries(whole).map(([name, operation]) => [
    name,
    typeof operation === 'function' ? guard(`tasks.${name}`, operation as never) : operation,
  ])
  for (const name of ['get', 'set', 'delete'] as const)
    Reflect.set(values, name, guard(`values.${name}`, values[name].bind(values) as never))
  return { tasks: Object.fromEntries(operations) as TaskStore, values, calls }
}

/** Both or neither, as in one step of a database. */
function settleAndKeep({ settle }: TaskStore, values: Keyv): TaskStore['settle'] {
  const keep = values.set.bind(values)
  return async (ref, run, settlement, text) => {
    const isSettled = await settle(ref, run, settlement)
    if (isSettled && text !== undefined)
      await keep(valueKey(ref, run), text, settlement.expiresAt - Date.now())
    return isSettled
  }
}
