import { type Raincheck, RaincheckError, type Ref } from '../index.js'
import { listen } from '../many/listen.js'
import type { HttpSettings } from './options.js'
import { ProblemError } from './problem.js'
import { ScopeEvents } from './scope-events.js'
import { type Sleeper, Waker } from './waker.js'

/** A comment is sent this often, in milliseconds, so that a connection that is dead is found out by both ends. */
const PING_EVERY_MS = 15_000

/** How long after its last stream a scope's events are kept, in milliseconds, so that a stream that was cut goes on. */
const LINGER_MS = 60_000

const MOST_STREAMS = 1_000

const PING = Buffer.from(': ping\n\n')

interface Listened {
  events: ScopeEvents
  streams: Set<Stream>
  leaving: NodeJS.Timeout | undefined
}

interface Stream extends Sleeper {
  ended: boolean
}

/** The event streams of all scopes. It listens and looks only while there are such. */
export class EventHub {
  readonly #settings: HttpSettings
  readonly #waker = new Waker()
  readonly #scopes = new Map<string, Listened>()
  #stops: (() => void)[] = []
  #streams = 0

  constructor(settings: HttpSettings) {
    this.#settings = settings
  }

  /** @throws ProblemError when there are too many. */
  open(scope: string, lastEventId: string | undefined): ReadableStream<Uint8Array> {
    if (this.#streams >= MOST_STREAMS)
      throw new ProblemError(
        429,
        'TOO_MANY_STREAMS',
        `there are ${MOST_STREAMS} event streams; come back later`,
        {
          headers: { 'Retry-After': '10' },
        },
      )
    const stream: Stream = { wake: undefined, ended: false }
    let next: (() => Promise<Uint8Array | undefined>) | undefined
    return new ReadableStream(
      {
        pull: async (controller) => {
          // Not before it is read: of a HEAD request it never is.
          next ??= this.#follow(scope, stream, lastEventId)
          const chunk = await next()
          if (chunk) controller.enqueue(chunk)
          else controller.close()
        },
        cancel: () => this.#leave(scope, stream),
      },
      { highWaterMark: 0 },
    )
  }

  removed(scope: string, ref: Ref): void {
    this.#scopes.get(scope)?.events.removed(ref)
  }

  /** What a stream is given, chunk by chunk. Only its place is kept for it: one that reads slowly takes no memory. */
  #follow(scope: string, stream: Stream, lastEventId: string | undefined) {
    const { events } = this.#join(scope, stream)
    const { log } = events
    let at: number | undefined
    return async (): Promise<Uint8Array | undefined> => {
      if (at === undefined) {
        await events.begun
        const resumed = log.numberOf(lastEventId)
        at = resumed ?? log.last
        return log.ready(at, resumed !== undefined)
      }
      if (log.last === at) await news(stream)
      if (stream.ended) return undefined
      const more = log.after(at)
      at = log.last
      if (more === undefined) return log.ready(at, false)
      return more.length > 0 ? more : PING
    }
  }

  #join(scope: string, stream: Stream): Listened {
    if (this.#scopes.size === 0) this.#begin()
    const [first] = this.#settings.rains
    const listened: Listened = this.#scopes.get(scope) ?? {
      events: new ScopeEvents(first, scope, () => this.#waker.wake(listened.streams)),
      streams: new Set(),
      leaving: undefined,
    }
    this.#scopes.set(scope, listened)
    clearTimeout(listened.leaving)
    listened.streams.add(stream)
    this.#streams++
    listened.events.watch((error) => this.#onError(error))
    return listened
  }

  #leave(scope: string, stream: Stream): void {
    const listened = this.#scopes.get(scope)
    if (!listened?.streams.delete(stream)) return
    this.#streams--
    stream.ended = true
    stream.wake?.()
    if (listened.streams.size > 0) return
    listened.events.unwatch()
    listened.leaving = setTimeout(() => this.#drop(scope), LINGER_MS).unref()
  }

  #drop(scope: string): void {
    this.#scopes.get(scope)?.events.end()
    this.#scopes.delete(scope)
    if (this.#scopes.size === 0) for (const stop of this.#stops.splice(0)) stop()
  }

  #begin(): void {
    const { rains } = this.#settings
    const of = (scope: string) => this.#scopes.get(scope)?.events
    const changed = ({ scope, ref }: { scope: string; ref: Ref }, rain: Raincheck) =>
      of(scope)?.changed(rain, ref)
    const settled = ({ scope, ref }: { scope: string; ref: Ref }, rain: Raincheck) =>
      of(scope)?.settled(rain, ref)
    const pings = setInterval(() => this.#wakeAll(), PING_EVERY_MS).unref()
    this.#stops = [
      () => clearInterval(pings),
      ...(['start', 'handoff', 'progress'] as const).map((event) => listen(rains, event, changed)),
      ...(['complete', 'fail', 'cancel'] as const).map((event) => listen(rains, event, settled)),
      listen(rains, 'retry', (facts, rain) => {
        of(facts.scope)?.failedAttempt(facts.ref, facts.attempt, facts.error)
        changed(facts, rain)
      }),
      listen(rains, 'log', ({ scope, ref, line }) => of(scope)?.logged(ref, line)),
    ]
  }

  #wakeAll(): void {
    for (const listened of this.#scopes.values()) this.#waker.wake(listened.streams)
  }

  /** A store that is away may come back; a raincheck that was closed does not. */
  #onError(error: unknown): void {
    if (!(error instanceof RaincheckError) || error.code !== 'CLOSED') {
      this.#settings.onError(error)
      return
    }
    for (const [scope, { streams }] of this.#scopes) {
      for (const stream of streams) this.#leave(scope, stream)
      this.#drop(scope)
    }
  }
}

function news(stream: Stream): Promise<void> {
  if (stream.ended) return Promise.resolve()
  return new Promise((resolve) => {
    stream.wake = () => {
      stream.wake = undefined
      resolve()
    }
  })
}
