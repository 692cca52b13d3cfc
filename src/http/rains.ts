import type { BackendStats, CallAnswer, EventMap, Raincheck, Ref, Scope } from '../index.js'
import { RaincheckError } from '../index.js'

type Together = readonly [Raincheck, ...Raincheck[]]

/** The tasks of a scope: on one store it is the same whom one asks. */
export function tasksOf([first]: Together, scope: string): Scope {
  return first.scope(scope)
}

/** Asks each, since only one has wrapped the function of the task. Answers at once. */
export async function retryIn(
  rains: Together,
  { ref, scope }: { ref: Ref; scope: string },
): Promise<CallAnswer<unknown>> {
  let refusal: unknown
  for (const rain of rains)
    try {
      return await rain.scope(scope).retry(ref, { asyncTimeout: 0 })
    } catch (error) {
      if (!(error instanceof RaincheckError) || error.code !== 'FUNCTION_NOT_REGISTERED') throw error
      refusal = error
    }
  throw refusal
}

/** What waits and runs in this process. */
export function queueStats(rains: Together): BackendStats {
  const all = rains.map((rain) => rain.queue.stats())
  const sum = (of: 'waiting' | 'running' | 'abandoned') => all.reduce((total, one) => total + one[of], 0)
  return {
    waiting: sum('waiting'),
    running: sum('running'),
    abandoned: sum('abandoned'),
    paused: all.every(({ paused }) => paused),
  }
}

/** @returns Ends the listening. */
export function listen<E extends keyof EventMap>(
  rains: Together,
  event: E,
  listener: (facts: EventMap[E], rain: Raincheck) => void,
): () => void {
  const stops = rains.map((rain) => rain.on(event, (facts) => listener(facts, rain)))
  return () => {
    for (const stop of stops) stop()
  }
}
