import type { Answer, Status } from '../../../src/index.js'
import { clocks, functions, type Key, patience } from './functions.js'
import type { Fault } from './world.js'

/** A task as the rules have it: a status that changes a few times, and what it came to. */
export interface ModelTask {
  key: Key
  ref: string
  status: Status
  /** Its status before this millisecond: what happens in one may be seen in either order. */
  before: Status
  begunAt: number
  /** The attempt that runs, or that comes next. */
  attempt: number
  /** When the next attempt starts, while it is pending. */
  retryAt: number
  /** How far the function said it is. */
  current: number | undefined
  settledAt: number
  value: string
  /** What its function threw last; undefined after a timeout. */
  error: Error | undefined
  /** Its record stands: its ref may be given out, and is good until it expires. */
  recorded: boolean
  /** Its end was stored at once. */
  stored: boolean
  /** Its value was seen to be given up. */
  lost: boolean
  /** What the first poll after its end answered: what every other must. */
  settledAnswer: Answer<string> | undefined
}

/** What is asked of the world and not answered yet. */
export interface Asked {
  task: ModelTask
  at: number
  /** How long the caller waits. */
  wait: number
  /** It was asked when the store could not be read. */
  looksAgain?: boolean
  answer?: Answer<string>
  error?: Error & { code?: string }
}

/** What is true of tasks and time, without any of the machinery. */
export class Model {
  readonly tasks = new Map<string, ModelTask>()
  readonly live = new Map<Key, ModelTask>()
  /** The tasks whose refs were given out. */
  readonly given = new Set<ModelTask>()
  readonly calls = new Set<Asked>()
  readonly polls = new Set<Asked>()
  now = 0
  #recordingSince = Number.NEGATIVE_INFINITY

  constructor(
    readonly shared: boolean,
    readonly faults: readonly Fault[],
  ) {}

  begin(key: Key, ref: string): ModelTask {
    const task: ModelTask = {
      ...{ key, ref, status: 'processing', before: 'processing', begunAt: this.now, attempt: 1 },
      ...{ retryAt: 0, current: undefined, settledAt: 0, value: '', error: undefined },
      ...{ recorded: this.records(), stored: false, lost: false, settledAnswer: undefined },
    }
    this.tasks.set(ref, task)
    this.live.set(key, task)
    return task
  }

  settle(task: ModelTask, status: 'complete' | 'failed' | 'cancelled'): void {
    Object.assign(task, { status, settledAt: this.now, stored: this.records() && task.recorded })
    this.live.delete(task.key)
  }

  /** An attempt failed: there is another, or that was it. */
  fail(task: ModelTask, error: Error, hopeless: boolean): void {
    task.error = error
    if (hopeless || task.attempt > functions[task.key].retries) {
      this.settle(task, 'failed')
      return
    }
    task.status = 'pending'
    task.retryAt = this.now + clocks.retryDelay * 2 ** (task.attempt - 1)
    task.attempt++
  }

  /** The value that a call may be answered from. */
  fresh(key: Key): ModelTask | undefined {
    const complete = [...this.tasks.values()].filter((task) => task.key === key && task.status === 'complete')
    const last = complete.reduce<ModelTask | undefined>(
      (one, other) => (one && one.settledAt > other.settledAt ? one : other),
      undefined,
    )
    return last && last.settledAt + functions[key].ttl > this.now ? last : undefined
  }

  /** Whether a call must be answered from that value, broken stores or not. */
  isAtHand(task: ModelTask): boolean {
    const inMemory = this.now < task.settledAt + clocks.memoryTtl
    return task.stored && (inMemory || this.faults.length === 0)
  }

  /** Whether its value may have been given up: the store did not take it at once, and had its time. */
  mayBeLost({ status, stored, settledAt }: ModelTask): boolean {
    return status === 'complete' && !stored && this.now >= settledAt + clocks.refused
  }

  isExpired({ key, status, settledAt }: ModelTask): boolean {
    const kept = status === 'complete' ? Math.max(clocks.retention, functions[key].ttl) : clocks.retention
    return isSettled(status) && this.now >= settledAt + kept
  }

  /** Whether reading what has settled fails. */
  get isUnreadable(): boolean {
    return this.faults.some(({ operation }) => operation === 'get')
  }

  /**
   * Whether records and values are written at once: nothing fails, and nothing that failed waits to be tried again.
   */
  records(): boolean {
    return !this.#isBroken() && this.now >= this.#recordingSince
  }

  /** To be called before the faults change. */
  faultsChange(): void {
    if (this.#isBroken()) this.#recordingSince = this.now + clocks.recovery
  }

  /** The next moment at which something may happen. */
  nextMoment(): number {
    const live = [...this.live.values()]
    const moments = [
      ...live.map((task) => task.begunAt + functions[task.key].timeout),
      ...live.filter(({ status }) => status === 'pending').map(({ retryAt }) => retryAt),
      ...[...this.calls, ...this.polls].map(({ at, wait }) => at + wait),
      ...[...this.calls].map(({ at, wait, task }) => at + wait + patience(task.key)),
    ]
    return Math.min(...moments.filter((moment) => moment > this.now))
  }

  /** Time passes, to the next moment at most. */
  pass(to: number): void {
    this.now = to
    for (const task of this.tasks.values()) task.before = task.status
    for (const task of [...this.live.values()])
      if (task.begunAt + functions[task.key].timeout <= to) {
        task.error = undefined
        this.settle(task, 'failed')
      } else if (task.status === 'pending' && task.retryAt <= to) task.status = 'processing'
  }

  #isBroken(): boolean {
    return this.faults.some(({ operation }) => operation !== 'get' && operation !== 'update')
  }
}

export function isSettled(status: Status): boolean {
  return status !== 'pending' && status !== 'processing'
}
