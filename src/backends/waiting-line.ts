/** What waits for its turn. */
export interface Waiting {
  readonly ref: string
  readonly scope: string
  priority: number
  /** When it came, among those of one priority. */
  turn: number
}

/**
 * A line that is left by priority, then by turn, and past the scopes that already run as many as they may. Each scope has
 * its own sub-line, so that finding the next costs a look at each scope that waits.
 */
export class WaitingLine<W extends Waiting> {
  readonly #perScope: number
  /** Of each scope, of each priority, who waits, in the order they came. */
  readonly #scopes = new Map<string, Map<number, Map<string, W>>>()
  readonly #running = new Map<string, number>()
  #turns = 0
  /** How many wait. */
  size = 0

  constructor(perScope: number) {
    this.#perScope = perScope
  }

  /** Whether one of them may run: of all that wait the scopes may be full. */
  get hasNext(): boolean {
    return this.#next() !== undefined
  }

  add(waiting: W): void {
    waiting.turn = this.#turns++
    this.#insert(waiting)
  }

  /** Takes the next one out of the line. */
  take(): W | undefined {
    const next = this.#next()
    if (!next) return undefined
    this.remove(next)
    return next
  }

  /** Takes one out of the line. @returns Whether it was there. */
  remove({ ref, scope, priority }: Waiting): boolean {
    const priorities = this.#scopes.get(scope)
    const same = priorities?.get(priority)
    if (!same?.delete(ref)) return false
    this.size--
    if (same.size === 0) priorities?.delete(priority)
    if (priorities?.size === 0) this.#scopes.delete(scope)
    return true
  }

  /** Whether a scope may run one more. */
  hasRoom(scope: string): boolean {
    return (this.#running.get(scope) ?? 0) < this.#perScope
  }

  /** Counts one more that runs in a scope. */
  enter(scope: string): void {
    this.#running.set(scope, (this.#running.get(scope) ?? 0) + 1)
  }

  /** Counts one less. */
  leave(scope: string): void {
    const left = (this.#running.get(scope) ?? 0) - 1
    if (left > 0) this.#running.set(scope, left)
    else this.#running.delete(scope)
  }

  /** Keeps its turn among those of the new priority that came later. */
  setPriority(ref: string, priority: number): void {
    const waiting = this.#find(ref)
    if (!waiting || waiting.priority === priority) return
    this.remove(waiting)
    waiting.priority = priority
    this.#insert(waiting)
  }

  #insert(waiting: W): void {
    const { ref, scope, priority } = waiting
    const priorities = getOrMake(this.#scopes, scope, () => new Map<number, Map<string, W>>())
    getOrMake(priorities, priority, () => new Map<string, W>()).set(ref, waiting)
    this.size++
  }

  /** Asked for seldom, so that no index of its own is kept. */
  #find(ref: string): W | undefined {
    for (const priorities of this.#scopes.values())
      for (const same of priorities.values()) {
        const found = same.get(ref)
        if (found) return found
      }
    return undefined
  }

  #next(): W | undefined {
    let next: W | undefined
    for (const [scope, priorities] of this.#scopes) {
      if (!this.hasRoom(scope)) continue
      const first = firstOf(priorities)
      if (first && (!next || comesBefore(first, next))) next = first
    }
    return next
  }
}

function firstOf<W>(priorities: Map<number, Map<string, W>>): W | undefined {
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
