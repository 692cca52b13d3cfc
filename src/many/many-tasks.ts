import { cursorAfter } from '../core/words/cursor.js'
import type {
  Answer,
  CallAnswer,
  CancelResult,
  ErrorCode,
  ListOptions,
  Queue,
  Scope,
  TaskList,
  TaskSummary,
} from '../index.js'
import { firstToKnow } from './first-to-know.js'

/** What is used of a raincheck: `createRaincheck` makes one, and one's own may open it when it is first asked. */
export interface TaskSource {
  /** How long a ref can be redeemed once its task has settled, in milliseconds. */
  readonly retention: number
  /** Asked for each call of a tool. */
  scope(id: string): Pick<Scope, 'poll' | 'answer' | 'cancel' | 'retry' | 'list'>
  /** For `admin`. */
  readonly queue?: Queue
}

/** An answer, and how long its ref can be redeemed once its task has settled, in milliseconds. */
export interface Found<A> {
  answer: A
  retention: number
}

/** The tasks of one scope, in every raincheck together: each is asked in turn until one knows the ref. */
export class ManyTasks {
  readonly #rains: readonly TaskSource[]
  readonly #scope: string

  constructor(rains: readonly TaskSource[], scope: string) {
    this.#rains = rains
    this.#scope = scope
  }

  poll(ref: string, waiting: { wait?: number; signal?: AbortSignal } = {}): Promise<Found<Answer<unknown>>> {
    return this.#first(['REF_NOT_FOUND'], (tasks) => tasks.poll(ref, waiting))
  }

  /** Answers what a task has asked. */
  async answer(ref: string, answers: Readonly<Record<string, unknown>>): Promise<Found<Answer<unknown>>> {
    const found = await this.#first(notHere, (tasks) => tasks.answer(ref, answers))
    // On a shared store the one that took the answer need not be the one that has wrapped the function, where that is of a config
    // file: a poll makes it go on there.
    if (this.#rains.length > 1)
      await Promise.allSettled(this.#rains.map((rain) => rain.scope(this.#scope).poll(ref)))
    return found
  }

  cancel(ref: string): Promise<CancelResult> {
    return firstToKnow(this.#rains, ['REF_NOT_FOUND'], (rain) => rain.scope(this.#scope).cancel(ref))
  }

  /** By the raincheck that has wrapped the function: on a shared store others know the ref, too. Waits for nothing. */
  retry(ref: string): Promise<Found<CallAnswer<unknown>>> {
    return this.#first(notHere, (tasks) => tasks.retry(ref, { asyncTimeout: 0 }))
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

  #first<A>(
    others: readonly ErrorCode[],
    ask: (tasks: ReturnType<TaskSource['scope']>) => Promise<A>,
  ): Promise<Found<A>> {
    return firstToKnow(this.#rains, others, async (rain) => ({
      answer: await ask(rain.scope(this.#scope)),
      retention: rain.retention,
    }))
  }
}

const notHere = ['REF_NOT_FOUND', 'FUNCTION_NOT_REGISTERED'] as const

function newestFirst(one: TaskSummary, other: TaskSummary): number {
  return other.createdAt - one.createdAt || (one.ref < other.ref ? -1 : 1)
}
