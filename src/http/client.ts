/**
 * The client of `raincheck/http`, for browsers and Node alike: it imports nothing but types, and is served to the page as it is.
 * Begin with `createClient`.
 * @module raincheck/client
 */
import type { Answer, CallAnswer, CancelResult, Duration, ListOptions, Ref, TaskList } from '../index.js'
import { type ClientEvent, followEvents } from './client-events.js'
import { pause } from './client-pause.js'
import { type ClientOptions, problemOf, type Request, requester } from './client-request.js'

export type { ClientEvent, TaskEvent } from './client-events.js'
export { type ClientOptions, HttpProblem } from './client-request.js'

/** Functions of a server by their names: `{ square: (input: { n: number }) => number }`. Values are as JSON has them. */
export type ClientFunctions = Record<string, (input: never) => unknown>

/** Functions of which nothing is known. */
type AnyFunctions = Record<string, (input: unknown) => unknown>

/** Options of a call. */
export interface ClientCallOptions {
  /**
   * How long the server waits for the value, at most 50 s: proxies commonly give up at 60 s.
   * @default the function's own, at most 20 s
   */
  asyncTimeout?: Duration
  /** Among waiting tasks, higher first. @default that of the function */
  priority?: number
  /** What the caller says about the task, as JSON: at most 4 kB as text. The first caller's counts. @default none */
  metadata?: unknown
  /** Stops the waiting; the work goes on. */
  signal?: AbortSignal
}

/**
 * The tasks of a server. Its methods are those of a raincheck, and reject with `HttpProblem`; with a TypeError where the server is
 * not reached, and with a TimeoutError where it says nothing for 60 s.
 */
export interface Client<F extends ClientFunctions> {
  /** Calls a function. Rejects when it fails while the server waits for it. */
  call<Name extends keyof F & string>(
    name: Name,
    input?: Parameters<F[Name]>[0],
    options?: ClientCallOptions,
  ): Promise<CallAnswer<Awaited<ReturnType<F[Name]>>>>
  /**
   * Asks how a task stands, and for its value.
   * @param options.wait How long the server waits for the end, at most 50 s; 0 by default.
   * @param options.signal Stops the waiting; the work goes on.
   */
  poll<T>(ref: Ref<T>, options?: { wait?: Duration; signal?: AbortSignal }): Promise<Answer<T>>
  /**
   * Polls until the task has settled, however long that takes; a server that is away is asked again for a minute.
   * @param options.signal Stops the waiting; the work goes on.
   */
  wait<T>(ref: Ref<T>, options?: { signal?: AbortSignal }): Promise<SettledAnswer<T>>
  /** Cancels a task for all who wait for it. */
  cancel(ref: Ref): Promise<CancelResult>
  /** Calls again what failed or was cancelled, with a ref of its own. Does not wait. */
  retry<T>(ref: Ref<T>): Promise<CallAnswer<T>>
  /** The tasks of the scope that the token opens, newest first. */
  list(options?: ListOptions): Promise<TaskList>
  /** Removes a task and its value. */
  forget(ref: Ref): Promise<void>
  /** What a task logged; a server that does not keep that answers with `LOG_NOT_KEPT`. */
  log(ref: Ref): Promise<string>
  /**
   * What happens to tasks, until the signal. It connects again when the connection is lost (`lost`); after `ready` with
   * `resumed: false` something may have been missed: read the list then.
   */
  events(options?: { signal?: AbortSignal }): AsyncIterable<ClientEvent>
}

/** An answer that is for good. */
export type SettledAnswer<T> = Exclude<Answer<T>, { pollAfterMs: number }>

/** Of `wait`, in milliseconds: how long each request takes, how long a server may be away, and when it is asked again. */
const WAIT_MS = 25_000
const AWAY_MS = 60_000
const AGAIN_MS = 1_000

/**
 * Makes a client of what `createHttpApp` serves, by `fetch`. Connects to nothing yet.
 * @param url Where the app is mounted, such as `http://localhost:8377`.
 */
export function createClient<F extends ClientFunctions = AnyFunctions>(
  url: string | URL,
  options: ClientOptions = {},
): Client<F> {
  const request = requester(url, options)
  const json = async <T>(path: string, asked?: Request) => (await (await request(path, asked)).json()) as T
  const poll: Client<F>['poll'] = (ref, { wait = 0, signal } = {}) =>
    json(`tasks/${encodeURIComponent(ref)}?format=full&wait=${wait}`, { signal })
  return {
    poll,
    call: (name, input, { signal, ...rest } = {}) =>
      json('tasks', { signal, body: { function: name, input, format: 'full', ...rest } }),
    wait: (ref, { signal } = {}) =>
      waitForEnd((wait) => poll(ref, { wait, ...(signal ? { signal } : {}) }), signal),
    cancel: async (ref) => {
      const path = `tasks/${encodeURIComponent(ref)}/cancel`
      return (await json<{ result: CancelResult }>(path, { method: 'POST' })).result
    },
    retry: (ref) => json(`tasks/${encodeURIComponent(ref)}/retry`, { body: { format: 'full' } }),
    list: (asked = {}) => json(`tasks?${new URLSearchParams(given(asked))}`),
    forget: async (ref) => void (await request(`tasks/${encodeURIComponent(ref)}`, { method: 'DELETE' })),
    log: async (ref) => (await request(`tasks/${encodeURIComponent(ref)}/log`)).text(),
    events: ({ signal } = {}) => followEvents(request, signal),
  }
}

async function waitForEnd<T>(
  poll: (wait: Duration) => Promise<Answer<T>>,
  signal: AbortSignal | undefined,
): Promise<SettledAnswer<T>> {
  for (let lastSeen = Date.now(); ; ) {
    try {
      const answer = await poll(WAIT_MS)
      if (!('pollAfterMs' in answer)) return answer
      lastSeen = Date.now()
      // A server does not wait for a task that asks.
      if (answer.requests) await pause(answer.pollAfterMs, signal)
    } catch (error) {
      signal?.throwIfAborted()
      const { status = 503 } = problemOf(error) ?? {}
      if (status < 500 || Date.now() - lastSeen > AWAY_MS) throw error
      await pause(AGAIN_MS, signal)
    }
  }
}

function given(options: ListOptions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}
