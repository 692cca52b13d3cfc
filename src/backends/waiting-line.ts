import type { QueueAddOptions } from 'p-queue'

type Run = () => Promise<unknown>

interface Waiting {
  run: Run
  id: string
  scope: string
  priority: number
  /** When it came, among those of one priority. */
  turn: number
}

/** What a job in the line is known by, beside p-queue's own options. */
export interface LineOptions extends QueueAddOptions {
  scope: string
}

/**
 * The line that p-queue takes its next job from: by priority, then by turn, and past the scopes that already run as
 * many as they may. Each scope has its own sub-line, so that finding the next costs a look at each scope that waits.
 */
export class WaitingLine {
  readonly #perScope: number
  readonly #byId = new Map<string, Waiting>()
  /** Of each scope, of each priority, who waits, in the order they came. */
  readonly #scopes = new Map<string, Map<number, Map<string, Waiting>>>()
  readonly #running = new Map<string, number>()
  #turns = 0

  constructor(perScope: number) {
    this.#perScope = perScope
  }

  /** How many wait. */
  get waiting(): number {
    return this.#byId.size
  }

  /** For p-queue: zero when none may start, even if some wait. */
  get size(): number {
    return this.#next() ? this.#byId.size : 0
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  enqueue(run: Run, { id = '', scope = '', priority = 0 }: Partial<LineOptions> = {}): void {
    this.#insert({ run, id, scope, priority, turn: this.#turns++ })
  }

  dequeue(): Run | undefined {
    const next = this.#next()
    if (!next) return undefined
    this.remove(next.id)
    this.enter(next.scope)
    return next.run
  }

  /** Counts one more that runs in a scope. */
  enter(scope: string): void {
    if (Number.isFinite(this.#perScope)) this.#running.set(scope, (this.#running.get(scope) ?? 0) + 1)
  }

  /** Counts one less. */
  leave(scope: string): void {
    const left = (this.#running.get(scope) ?? 0) - 1
    if (left > 0) this.#running.set(scope, left)
    else this.#running.delete(scope)
  }

  /** Takes a job out of the line. @returns What would have run it. */
  remove(id: string): Run | undefined {
    const waiting = this.#byId.get(id)
    if (!waiting) return undefined
    this.#byId.delete(id)
    const priorities = this.#scopes.get(waiting.scope)
    const same = priorities?.get(waiting.priority)
    same?.delete(id)
    if (same?.size === 0) priorities?.delete(waiting.priority)
    if (priorities?.size === 0) this.#scopes.delete(waiting.scope)
    return waiting.run
  }

  /** Keeps its turn among those of the new priority that came later. */
  setPriority(id: string, priority: number): void {
    const waiting = this.#byId.get(id)
    if (!waiting || waiting.priority === priority) return
    this.remove(id)
    this.#insert({ ...waiting, priority })
  }

  filter({ priority }: Readonly<Partial<LineOptions>>): Run[] {
    return [...this.#byId.values()].filter((waiting) => waiting.priority === priority).map(({ run }) => run)
  }

  #insert(waiting: Waiting): void {
    this.#byId.set(waiting.id, waiting)
    const priorities = getOrMake(this.#scopes, waiting.scope, () => new Map<number, Map<string, Waiting>>())
    getOrMake(priorities, waiting.priority, () => new Map<string, Waiting>()).set(waiting.id, waiting)
  }

  #next(): Waiting | undefined {
    let next: Waiting | undefined
    for (const [scope, priorities] of this.#scopes) {
      if ((this.#running.get(scope) ?? 0) >= this.#perScope) continue
      const first = firstOf(priorities)
      if (first && (!next || comesBefore(first, next))) next = first
    }
    return next
  }
}

function firstOf(priorities: Map<number, Map<string, Waiting>>): Waiting | undefined {
  let highest = Number.NEGATIVE_INFINITY
  for (const priority of priorities.keys()) if (priority > highest) highest = priority
  return priorities.get(highest)?.values().next().value
}

function comesBefore(one: Waiting, other: Waiting): boolean {
  return one.priority === other.priority ? one.turn < other.turn : one.priority > other.priority
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
