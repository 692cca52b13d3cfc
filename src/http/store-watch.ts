import { isLive } from '../core/words/task-store.js'
import { RaincheckError, type Ref, type Scope, type TaskSummary } from '../index.js'

/** How many tasks one query lists, and how many pages of new ones are read at one look. */
const PAGE = 100
const MOST_PAGES = 10
const MOST_LIVE = 1_000

/** What a look has found. */
export interface Seen {
  tasks: TaskSummary[]
  /** Tasks that were live and are not known any more. */
  gone: Ref[]
  /** Whether all that is new was read. */
  isWhole: boolean
}

/** Looks at the tasks of one scope in the store, where those are that other processes run, which tell no events here. */
export class StoreWatch {
  readonly #tasks: Scope
  #live = new Set<Ref>()
  readonly #isKnown: (ref: Ref) => boolean
  #isFirst = true

  /** @param isKnown Whether a task was found by a look before, or told of by this process. */
  constructor(tasks: Scope, isKnown: (ref: Ref) => boolean) {
    this.#tasks = tasks
    this.#isKnown = isKnown
  }

  async look(): Promise<Seen> {
    const { tasks: recent, isWhole } = await this.#recent()
    const live = await Promise.all(
      (['pending', 'processing'] as const).map((status) => this.#tasks.list({ status, limit: MOST_LIVE })),
    )
    const found = new Map<Ref, TaskSummary>()
    for (const task of [...live.flatMap(({ tasks }) => tasks), ...recent])
      if (!found.has(task.ref) || !isLive(task)) found.set(task.ref, task)
    const gone: Ref[] = []
    for (const ref of this.#live) {
      if (found.has(ref)) continue
      const task = await this.#one(ref)
      if (task) found.set(ref, task)
      else gone.push(ref)
    }
    const tasks = [...found.values()]
    this.#live = new Set(tasks.filter(isLive).map(({ ref }) => ref))
    return { tasks, gone, isWhole }
  }

  /** The newest, until a page has none that is new; at the first look one page. */
  async #recent(): Promise<Pick<Seen, 'tasks' | 'isWhole'>> {
    const tasks: TaskSummary[] = []
    const mostPages = this.#isFirst ? 1 : MOST_PAGES
    let isWhole = this.#isFirst
    let cursor: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const read = await this.#tasks.list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
      tasks.push(...read.tasks)
      cursor = read.cursor
      isWhole ||= cursor === undefined || read.tasks.every(({ ref }) => this.#isKnown(ref))
      if (isWhole) break
    }
    this.#isFirst = false
    return { tasks, isWhole }
  }

  async #one(ref: Ref): Promise<TaskSummary | undefined> {
    try {
      return await this.#tasks.poll(ref)
    } catch (error) {
      if (error instanceof RaincheckError && error.code === 'REF_NOT_FOUND') return undefined
      throw error
    }
  }
}
