import { checkTypes } from '../../core/words/check-option.js'
import type { TaskSource } from '../../many/many-tasks.js'
import type { ToolContext } from '../host.js'
import type { Message } from './intercept.js'
import { type KnownTasks, knownTasks } from './known-tasks.js'
import { notifyingStream } from './notifying-stream.js'
import { errorResponse, INTERNAL_ERROR, ProtocolError, toProtocolError } from './protocol-error.js'
import { LISTEN, type Subscription, subscriptionOf } from './subscription.js'
import { type TasksOptions, tasksOptionTypes } from './tasks-options.js'

/** What `createMcpHandler` of `@modelcontextprotocol/server` makes. */
export interface HttpHandler {
  /** Answers a request. `parsedBody` spares it reading a body that was read before. */
  fetch(request: Request, options?: RequestOptions): Promise<Response>
  /** Ends the streams that are open. */
  close(): Promise<void>
}

interface RequestOptions {
  authInfo?: ToolContext['authInfo']
  parsedBody?: unknown
}

/** What the SDK has as its own limit. */
const MOST_STREAMS = 1_024

/**
 * Tells clients of an HTTP handler about their tasks (`notifications/tasks`) when they ask for that by `subscriptions/listen`, beside
 * what the SDK itself tells of. A stream on which nothing else is told ends once all of its tasks have settled. 1,024 streams at
 * most are open at once, which is the SDK's own limit, with 100 tasks each.
 * @param rain As for `attachTasks`; so are the options.
 * @returns The handler to be used in its place.
 * @throws RaincheckError `INVALID_OPTION` naming the option.
 */
export function notifyingHandler<H extends HttpHandler>(
  handler: H,
  rain: TaskSource | readonly TaskSource[],
  options: TasksOptions = {},
): H {
  checkTypes('notifyingHandler', options, tasksOptionTypes)
  const listening = new Listening(handler, knownTasks(rain, options))
  return {
    ...handler,
    fetch: (request: Request, requestOptions: RequestOptions = {}) =>
      request.headers.get('mcp-method') === LISTEN
        ? listening.answer(request, requestOptions)
        : handler.fetch(request, requestOptions),
    close: () => {
      listening.close()
      return handler.close()
    },
  }
}

/** The streams on which tasks are told of. */
class Listening {
  readonly #handler: HttpHandler
  readonly #known: (context: ToolContext) => KnownTasks
  readonly #closing = new AbortController()
  readonly #open = new Set<Subscription>()

  constructor(handler: HttpHandler, known: (context: ToolContext) => KnownTasks) {
    this.#handler = handler
    this.#known = known
  }

  close(): void {
    this.#closing.abort()
  }

  /** Lets the SDK answer, which checks the request, and adds to its stream. */
  async answer(request: Request, options: RequestOptions): Promise<Response> {
    const copy = options.parsedBody === undefined ? request.clone() : undefined
    const response = await this.#handler.fetch(request, options)
    const { body } = response
    if (!body || !isStream(response)) return response
    const message: Message = Object(copy ? await copy.json() : options.parsedBody)
    try {
      const subscription = await this.#subscribe(message, contextOf(request, options.authInfo))
      if (!subscription) return response
      const closed = AbortSignal.any([this.#closing.signal, request.signal])
      const onEnd = () => this.#open.delete(subscription)
      return new Response(notifyingStream(body, subscription, closed, onEnd), response)
    } catch (error) {
      void body.cancel()
      return refusal(message, error)
    }
  }

  /** Undefined when there is nothing to tell. */
  async #subscribe(message: Message, context: ToolContext): Promise<Subscription | undefined> {
    const subscription = subscriptionOf(message, this.#known, context)
    if (!subscription || (await subscription.taskIds).length === 0) return undefined
    if (this.#open.size >= MOST_STREAMS) throw new ProtocolError(INTERNAL_ERROR, 'Subscription limit reached')
    this.#open.add(subscription)
    return subscription
  }
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false
}

/** As far as a tool's handler would have it. */
function contextOf(req: Request, authInfo: ToolContext['authInfo']): ToolContext {
  const http = { authInfo, req }
  return { http }
}

function refusal({ id }: Message, error: unknown): Response {
  const told = toProtocolError(error)
  return Response.json(errorResponse(id, told), { status: told.code === INTERNAL_ERROR ? 200 : 400 })
}
