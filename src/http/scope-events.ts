import QuickLRU from 'quick-lru'
import { plainError } from '../core/refs/format-answer.js'
import { toJson } from '../core/values/to-json.js'
import { isLive } from '../core/words/task-store.js'
import type { ErrorInfo, Raincheck, Ref, TaskSummary } from '../index.js'
import { EventLog } from './event-log.js'
import { StoreWatch } from './store-watch.js'
import { summaryFacts } from './summary-facts.js'

/** Changes are gathered for a moment, and told at most 4 times a second, as progress is written. */
const GATHER_MS = 20
const TELL_EVERY_MS = 250

/** How often tasks of other processes are looked at, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/** How many tasks of a look are told before others get a turn: a millisecond or so of work. */
const AT_ONCE = 50

/** How many tasks are remembered as they were told last, so that nothing is told twice: more than one look finds. */
const MOST_TOLD = 5_000

/** Of what a function logs in one go, the last so many lines are told, each cut at so many characters. */
const MOST_LINES = 100
const LONGEST_LINE = 2_000

/** Gathers what happens to the tasks of one scope, and tells it as events: each has a task's state, not what changed in it. */
export class ScopeEvents {
  readonly log = new EventLog()
  /** Resolves when what follows is told, so that a list that is read after it has no gap. */
  readonly begun: Promise<void>
  readonly #scope: string
  readonly #watch: StoreWatch
  readonly #onTold: () => void
  readonly #changed = new Map<Ref, () => Promise<TaskSummary | undefined>>()
  readonly #lines = new Map<Ref, { lines: string[]; dropped: number }>()
  readonly #told = new QuickLRU<Ref, { text: string; isLive: boolean }>({ maxSize: MOST_TOLD })
  #gathering: NodeJS.Timeout | undefined
  /** Milliseconds since 1970. */
  #toldAt = 0
  #looking: NodeJS.Timeout | undefined

  constructor(first: Raincheck, scope: string, onTold: () => void) {
    this.#scope = scope
    this.#onTold = onTold
    this.#watch = new StoreWatch(first.scope(scope), (ref) => this.#told.has(ref))
    this.begun = this.#look((task) => this.#remember(task)).catch(() => {})
  }

  /** A task of this process has changed; its state is asked for later, when more has changed, too. */
  changed(rain: Raincheck, ref: Ref): void {
    this.#changed.set(ref, () => this.#stateOf(rain, ref))
    this.#gather()
  }

  /** A task of this process has settled; its state is asked for now, when the store need not be asked for its value. */
  settled(rain: Raincheck, ref: Ref): void {
    const state = this.#stateOf(rain, ref)
    this.#changed.set(ref, () => state)
    this.#gather()
  }

  failedAttempt(ref: Ref, attempt: number, error: ErrorInfo): void {
    this.log.add('retry', toJson({ ref, attempt, error: plainError(error) }))
    this.#gather()
  }

  logged(ref: Ref, line: string): void {
    const told = this.#lines.get(ref) ?? { lines: [], dropped: 0 }
    told.lines.push(line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line)
    if (told.lines.length > MOST_LINES) {
      told.lines.shift()
      told.dropped++
    }
    this.#lines.set(ref, told)
    this.#gather()
  }

  removed(ref: Ref): void {
    this.#told.delete(ref)
    this.#changed.delete(ref)
    this.log.add('removed', toJson({ ref }))
    this.#gather()
  }

  /** While somebody listens: looks at what other processes do. */
  watch(onError: (error: unknown) => void): void {
    if (this.#looking) return
    const timer = setTimeout(async () => {
      await this.#look((task) => this.#tell(task)).catch(onError)
      // It may have been ended, or begun anew, meanwhile.
      if (this.#looking !== timer) return
      this.#looking = undefined
      this.watch(onError)
    }, LOOK_EVERY_MS).unref()
    this.#looking = timer
  }

  unwatch(): void {
    clearTimeout(this.#looking)
    this.#looking = undefined
  }

  end(): void {
    this.unwatch()
    clearTimeout(this.#gathering)
  }

  async #look(onTask: (task: TaskSummary) => void): Promise<void> {
    const { tasks, gone, isWhole } = await this.#watch.look()
    const { last } = this.log
    if (!isWhole) this.log.skip()
    for (const [at, task] of tasks.entries()) {
      onTask(task)
      if (at % AT_ONCE === 0) await new Promise(setImmediate)
    }
    for (const ref of gone) this.removed(ref)
    if (this.log.last > last) this.#onTold()
  }

  #gather(): void {
    const waitMs = Math.max(GATHER_MS, this.#toldAt + TELL_EVERY_MS - Date.now())
    this.#gathering ??= setTimeout(() => void this.#flush(), waitMs).unref()
  }

  async #flush(): Promise<void> {
    const states = [...this.#changed.values()]
    this.#changed.clear()
    for (const state of states) {
      const task = await state()
      if (task) this.#tell(task)
    }
    for (const [ref, { lines, dropped }] of this.#lines)
      this.log.add('log', toJson({ ref, lines, ...(dropped > 0 ? { dropped } : {}) }))
    this.#lines.clear()
    this.#toldAt = Date.now()
    this.#gathering = undefined
    if (this.#changed.size > 0) this.#gather()
    this.#onTold()
  }

  /** Not when it was told before, nor when what was read has been overtaken by an end. */
  #tell(task: TaskSummary): void {
    const before = this.#told.get(task.ref)
    if (before && !before.isLive && isLive(task)) return
    const text = this.#remember(task)
    if (text !== before?.text) this.log.add('task', text)
  }

  #remember(task: TaskSummary): string {
    // When to poll depends on the time, and nobody who listens polls.
    const { pollAfterMs: _, ...facts } = summaryFacts(task)
    const text = toJson(facts)
    this.#told.set(task.ref, { text, isLive: isLive(task) })
    return text
  }

  async #stateOf(rain: Raincheck, ref: Ref): Promise<TaskSummary | undefined> {
    try {
      return await rain.scope(this.#scope).poll(ref)
    } catch {
      // It is gone, or the store is away; then the next look tells.
      return undefined
    }
  }
}
