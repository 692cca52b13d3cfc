/** A result, or a promise of it. A store in memory has the result at once, and a promise would cost more than the lookup. */
export type Awaitable<T> = T | Promise<T>
