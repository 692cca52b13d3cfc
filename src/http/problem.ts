import { STATUS_CODES } from 'node:http'
import { type ErrorCode, RaincheckError } from '../index.js'

/** An error as RFC 9457 has it, `application/problem+json`. Never with a stack. */
export interface Problem {
  /** Tells nothing beyond `status`: what tells problems apart is `code`. */
  type: 'about:blank'
  /** The phrase of the status. */
  title: string
  /** That of the response. */
  status: number
  /** What went wrong, and what to do next. */
  detail: string
  /** One of `ErrorCode`, or one that only HTTP has, such as `TASK_FAILED` or `INVALID_REQUEST`; docs/reference/errors.md lists them. */
  code: string
  /** Which parts of the request are wrong, by JSON pointer or by the name of a parameter. */
  errors?: { at: string; detail: string }[]
  /** The error of a task that failed. */
  error?: { name: string; message: string; code?: string }
}

/** What a route throws to be answered with a problem. */
export class ProblemError extends Error {
  readonly status: number
  readonly code: string
  readonly more: Pick<Problem, 'errors' | 'error'>
  readonly headers: Record<string, string>

  constructor(
    status: number,
    code: string,
    detail: string,
    { headers = {}, ...more }: Pick<Problem, 'errors' | 'error'> & { headers?: Record<string, string> } = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.more = more
    this.headers = headers
  }
}

/** For a ref that is unknown, has expired or is another scope's: one text, so that nothing tells these apart. */
function refNotFound(): ProblemError {
  return new ProblemError(
    ...([404, 'REF_NOT_FOUND'] as const),
    'no task is known by this ref: it is mistyped, has expired, or belongs to someone else; make the call again',
  )
}

/** Undefined for an error that is the app's own fault, whose details are nobody's. */
export function problemErrorOf(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error
  if (!(error instanceof RaincheckError)) return undefined
  if (error.code === 'REF_NOT_FOUND') return refNotFound()
  const status = statuses[error.code]
  // Nobody knows when a task will have ended: the shortest wait that the header can say.
  const headers = error.code === 'BUSY' ? { headers: { 'Retry-After': '1' } } : {}
  return status === undefined ? undefined : new ProblemError(status, error.code, error.message, headers)
}

const statuses: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: 422,
  INVALID_OPTION: 400,
  CANCELLED: 409,
  FUNCTION_NOT_REGISTERED: 409,
  // The server's limit is reached, whoever asks; 429 would say that this client asks too often.
  BUSY: 503,
  STORE_UNAVAILABLE: 503,
  CLOSED: 503,
}

export function problemResponse(error: ProblemError): Response {
  const { status, code, message, more, headers } = error
  const title = STATUS_CODES[status] ?? 'Error'
  const problem: Problem = { type: 'about:blank', title, status, detail: message, code, ...more }
  return new Response(JSON.stringify(problem), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}

/** The answer to a request that hit a fault of the app. */
export function faultResponse(): Response {
  return problemResponse(
    new ProblemError(500, 'INTERNAL', 'something went wrong in the server; its operator can tell more'),
  )
}
