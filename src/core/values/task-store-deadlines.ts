import { invalid } from '../words/check-option.js'
import type { TaskStore } from '../words/task-store.js'
import { OPENING_LIMIT_MS, withinDeadline } from '../words/timers.js'

type Verb = Exclude<keyof TaskStore, 'shared' | 'keepsValues' | 'onLost' | 'look'>

/** What the store could not do, in the errors of calls that ran past their deadline. */
const verbs: Readonly<Record<Verb, string>> = {
  start: 'record a task',
  update: 'update a task',
  settle: 'settle a task',
  revoke: 'cancel a task',
  interrupt: 'settle an interrupted task',
  leave: 'leave a task',
  ask: 'store what a task asks',
  answer: 'store an answer',
  unheld: 'look for tasks that nobody runs',
  takeOver: 'take a task over',
  revoked: 'look for cancelled tasks',
  get: 'read a task',
  latest: 'read the last value',
  standing: 'read what a key answers',
  forget: 'forget a key',
  list: 'list tasks',
  remove: 'remove a task',
  renew: 'renew the lease',
  release: 'end the lease',
  sweep: 'remove tasks',
}

/** @throws RaincheckError `INVALID_OPTION` for what lacks a method of a task store. */
export function checkTaskStore(option: string, tasks: TaskStore): void {
  const missing = Object.keys(verbs).find((verb) => typeof Object(tasks)[verb] !== 'function')
  if (missing !== undefined) throw invalid(option, `a TaskStore, with the method ${missing}`, tasks)
}

/**
 * Gives each operation of a task store the deadline of a store call.
 * @param open Opens the store, which has a limit of its own: an operation's time begins when that is done.
 */
export function withDeadlines(tasks: TaskStore, open?: () => Promise<unknown>): TaskStore {
  const { shared, keepsValues, onLost } = tasks
  const opening = open && openingOf(open)
  const operations = Object.entries(verbs).map(([verb, what]) => {
    // Async, so that what a custom store throws rejects, too.
    const operate = async (...args: unknown[]) => Reflect.apply(tasks[verb as Verb], tasks, args)
    const inTime = (...args: unknown[]) => withinDeadline(what, operate(...args))
    return [verb, (...args: unknown[]) => opening?.()?.then(() => inTime(...args)) ?? inTime(...args)]
  })
  return {
    ...{ shared, keepsValues, ...Object.fromEntries(operations) },
    ...(onLost ? { onLost: onLost.bind(tasks) } : {}),
    ...(tasks.look
      ? { look: async () => withinDeadline('be looked at', Promise.resolve(tasks.look?.())) }
      : {}),
  }
}

/** What to wait for: undefined once the store has been open. One that could not be opened is tried again by the next operation. */
function openingOf(open: () => Promise<unknown>): () => Promise<void> | undefined {
  let opening: Promise<void> | undefined
  let wasOpen = false
  return () => {
    if (wasOpen) return undefined
    opening ??= withinDeadline('be opened', open(), OPENING_LIMIT_MS).then(
      () => {
        wasOpen = true
      },
      (error) => {
        opening = undefined
        throw error
      },
    )
    return opening
  }
}
