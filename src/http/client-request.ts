import type { Problem } from './problem.js'

/** Options of `createClient`. */
export interface ClientOptions {
  /** Bearer token, where the server wants one. @default none is sent */
  token?: string | undefined
}

/** An answer of the server that says what was wrong, or one that is none of its own (`code` `HTTP_ERROR`). */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  /** That of the response. */
  readonly status: number
  /** What tells problems apart, such as `REF_NOT_FOUND`, `INVALID_INPUT` or `TASK_FAILED`. */
  readonly code: string
  /** All that the server said; empty where that was no problem document. */
  readonly problem: Partial<Problem>

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? `the server answered with status ${status}`)
    this.status = status
    this.code = problem.code ?? 'HTTP_ERROR'
    this.problem = problem
  }
}

export function problemOf(error: unknown): HttpProblem | undefined {
  return error instanceof HttpProblem ? error : undefined
}

export interface Request {
  method?: string
  body?: object
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
  /** Milliseconds to the answer's first byte; `Infinity` for none. @default 60 s, ten more than a server waits */
  timeout?: number
}

export type Requester = (path: string, request?: Request) => Promise<Response>

/** The longest that a server waits before it answers, and some time for the way. */
const TIMEOUT_MS = 60_000

/** Sends requests below an address. Rejects with `HttpProblem` for any answer that is not a success. */
export function requester(url: string | URL, { token }: ClientOptions): Requester {
  const base = String(url).replace(/\/?$/, '/')
  return async (path, { method, body, headers, signal, timeout = TIMEOUT_MS } = {}) => {
    const signals = [
      ...(signal ? [signal] : []),
      ...(timeout < Number.POSITIVE_INFINITY ? [AbortSignal.timeout(timeout)] : []),
    ]
    const response = await fetch(new URL(path, base), {
      method: method ?? (body ? 'POST' : 'GET'),
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      signal: AbortSignal.any(signals),
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (response.ok) return response
    // What stands between may answer with anything.
    throw new HttpProblem(
      response.status,
      Object(await response.json().catch(() => ({}))) as Partial<Problem>,
    )
  }
}
