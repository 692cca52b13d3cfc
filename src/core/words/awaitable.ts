/** A result, or a promise of it. A store in memory has the result at once, and a promise would cost more than the lookup. */
export type Awaitable<T> = T | Promise<T>

/** Continues in this turn when the result is there. */
export function whenDone<T, R>(result: Awaitable<T>, onDone: (result: T) => Awaitable<R>): Awaitable<R> {
  return result instanceof Promise ? result.then(onDone) : onDone(result)
}
