import { Keyv } from 'keyv'
import { onTestFinished, vi } from 'vitest'
import { inProcess } from '../../src/backends/in-process/in-process.js'
import { Raincheck, type RaincheckParts } from '../../src/core/raincheck.js'
import { defaultSerializer } from '../../src/core/values/serializer.js'
import { createValueStore } from '../../src/core/values/value-store.js'
import type { TaskStore } from '../../src/core/words/task-store.js'
import { createRaincheck } from '../../src/index.js'
import { memoryTaskStore } from '../../src/stores/memory.js'

/** Fake timers for one test; all time in the core is theirs. */
export function useFakeTime(): void {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
}

/** Lets time pass, and all that it brings happen. */
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** A raincheck whose parts a test can get at; the stores are in memory, with the deadlines of any other. */
export function rainWith(changes: Partial<RaincheckParts> & { values$?: Keyv } = {}) {
  const { values$ = new Keyv(), ...parts } = changes
  return new Raincheck({
    app: 'test',
    tasks: slowable(memoryTaskStore()),
    values: createValueStore(values$, defaultSerializer),
    closeStores: () => Promise.resolve(),
    serializer: defaultSerializer,
    backend: inProcess({ concurrency: 4 }),
    adopt: () => {},
    retention: 86_400_000,
    maxEntries: 1_000,
    memoryTtl: 5_000,
    place: undefined,
    ...parts,
  })
}

/** The same store, without the word that it needs no deadlines; operations may be replaced by the test. */
export function slowable(store: TaskStore): TaskStore {
  return {
    shared: store.shared,
    keepsValues: store.keepsValues,
    start: (record, options) => store.start(record, options),
    update: (ref, run, patch) => store.update(ref, run, patch),
    settle: (ref, run, settlement, text) => store.settle(ref, run, settlement, text),
    revoke: (ref, run, settlement) => store.revoke(ref, run, settlement),
    interrupt: (ref, run, settlement) => store.interrupt(ref, run, settlement),
    leave: (ref, run) => store.leave(ref, run),
    ask: (ref, run, asked) => store.ask(ref, run, asked),
    answer: (ref, from, to) => store.answer(ref, from, to),
    unheld: () => store.unheld(),
    takeOver: (ref, run, owner) => store.takeOver(ref, run, owner),
    revoked: (owner) => store.revoked(owner),
    get: (ref) => store.get(ref),
    latest: (key) => store.latest(key),
    standing: (key, now) => store.standing(key, now),
    forget: (key) => store.forget(key),
    list: (filter) => store.list(filter),
    remove: (ref) => store.remove(ref),
    renew: (owner, ms) => store.renew(owner, ms),
    release: (owner) => store.release(owner),
    sweep: (limits) => store.sweep(limits),
  }
}

interface Held<T> {
  /** Inputs of the runs so far. */
  runs: T[]
  /** Ends the oldest run that is under way. */
  letGo(value: unknown): void
  fail(error: unknown): void
}

/** A function that runs until the test ends it. */
export function heldFunction<T = unknown>() {
  const runs: T[] = []
  const open: { resolve(value: unknown): void; reject(error: unknown): void }[] = []
  const work = (input: T) => {
    runs.push(input)
    return new Promise<unknown>((resolve, reject) => open.push({ resolve, reject }))
  }
  const held: Held<T> = {
    runs,
    letGo: (value) => open.shift()?.resolve(value),
    fail: (error) => open.shift()?.reject(error),
  }
  return { work, ...held }
}

/** A value of input 1 that is in the store and no longer in memory, which keeps one. */
export async function stored(values$: Keyv) {
  const rain = rainWith({ values$, maxEntries: 1 })
  const work = vi.fn(async (n: number) => `value ${n}`)
  const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(work)
  const { ref } = await call(1)
  await call(2)
  return { rain, call, ref, work }
}

/** A task whose function is held, of a call that was handed off at once. */
export async function handedOff(options: object = {}) {
  useFakeTime()
  const rain = createRaincheck()
  const { work, ...held } = heldFunction()
  const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0, ...options })(work)(1)
  await pass(0)
  return { rain, ref, ...held }
}
