import { afterAll, beforeAll, onTestFinished } from 'vitest'

type Undo = () => unknown

/** What the set-up that is under way has to undo, of tests that share it. */
let shared: Undo[] | undefined

/** Undoes something when its test has ended, or when all have that share it by `once`. */
export function whenDone(undo: Undo): void {
  if (shared) shared.push(undo)
  else onTestFinished(async () => void (await undo()))
}

/** Sets up what the tests of a `describe` share, none of which may change it for another. @returns What gives it to each. */
export function once<T>(setUp: () => Promise<T>): () => T {
  const undos: Undo[] = []
  let made: T
  beforeAll(async () => {
    shared = undos
    made = await setUp().finally(() => {
      shared = undefined
    })
  })
  afterAll(async () => {
    for (const undo of undos.reverse()) await undo()
  })
  return () => made
}
