import type { EventMap, Raincheck } from '../index.js'

/** Listens to all of them. @returns Ends the listening. */
export function listen<E extends keyof EventMap>(
  rains: readonly Raincheck[],
  event: E,
  listener: (facts: EventMap[E], rain: Raincheck) => void,
): () => void {
  const stops = rains.map((rain) => rain.on(event, (facts) => listener(facts, rain)))
  return () => {
    for (const stop of stops) stop()
  }
}
