import { cursorAfter } from '../core/words/cursor.js'
import { RaincheckError } from '../core/words/errors.js'
import type {
  Answer,
  CallAnswer,
  CancelResult,
  ErrorCode,
  ListOptions,
  TaskList,
  TaskSummary,
} from '../index.js'
import type { TaskSource } from './host.js'

/** An answer, and how long its ref can be redeemed once its task has settled, in milliseconds. */
export interface Found<A> {
  answer: A
  retention: number
}

/** The tasks of one scope, in every raincheck of a server: each is asked in turn until one knows the ref. */
export class AllTasks {
  readonly #rains: readonly TaskSource[]
  readonly #scope: string

  constructor(rains: readonly TaskSource[], scope: string) {
    this.#rains = rains
    this.#scope = scope
  }

  poll(ref: string, waiting: { wait?: number; signal?: AbortSignal }): Promise<Found<Answer<unknown>>> {
    return this.#first(['REF_NOT_FOUND'], async (rain) => ({
      answer: await rain.scope(this.#scope).poll(ref, waiting),
      retention: rain.retention,
    }))
  }

  /** Answers what a task has asked. */
  async answer(ref: string, answers: Readonly<Record<string, unknown>>): Promise<Found<Answer<unknown>>> {
    const found = await this.#first(['REF_NOT_FOUND', 'FUNCTION_NOT_REGISTERED'], async (rain) => ({
      answer: await rain.scope(this.#scope).answer(ref, answers),
      retention: rain.retention,
    }))
    // On a shared store the one that took the answer need not be the one that has wrapped the function, where that is of a config
    // file: a poll makes it go on there.
    if (this.#rains.length > 1)
      await Promise.allSettled(this.#rains.map((rain) => rain.scope(this.#scope).poll(ref)))
    return found
  }

  cancel(ref: string): Promise<CancelResult> {
    return this.#first(['REF_NOT_FOUND'], (rain) => rain.scope(this.#scope).cancel(ref))
  }

  /** By the raincheck that has wrapped the function: on a shared store others know the ref, too. */
  retry(ref: string): Promise<Found<CallAnswer<unknown>>> {
    return this.#first(['REF_NOT_FOUND', 'FUNCTION_NOT_REGISTERED'], async (rain) => ({
      answer: await rain.scope(this.#scope).retry(ref, { asyncTimeout: 0 }),
      retention: rain.retention,
    }))
  }

  /** Newest first. On a shared store each raincheck tells of the same tasks. */
  async list(options: ListOptions & { limit: number }): Promise<TaskList> {
    const lists = await Promise.all(this.#rains.map((rain) => rain.scope(this.#scope).list(options)))
    const byRef = new Map(lists.flatMap(({ tasks }) => tasks).map((task) => [task.ref, task]))
    const all = [...byRef.values()].sort(newestFirst)
    const tasks = all.slice(0, options.limit)
    const last = tasks.at(-1)
    const isMore = all.length > tasks.length || lists.some(({ cursor }) => cursor !== undefined)
    return { tasks, ...(isMore && last ? { cursor: cursorAfter(last) } : {}) }
  }

  /** @param others The errors that leave it to the next raincheck. */
  async #first<T>(others: readonly ErrorCode[], ask: (rain: TaskSource) => Promise<T>): Promise<T> {
    let told: RaincheckError | undefined
    for (const rain of this.#rains) {
      try {
        return await ask(rain)
      } catch (error) {
        if (!(error instanceof RaincheckError && others.includes(error.code))) throw error
        // That a function is missing says more than that another raincheck has not heard of the ref.
        if (!told || told.code === 'REF_NOT_FOUND') told = error
      }
    }
    throw told
  }
}

function newestFirst(one: TaskSummary, other: TaskSummary): number {
  return other.createdAt - one.createdAt || (one.ref < other.ref ? -1 : 1)
}
