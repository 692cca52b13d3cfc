import type { TaskSource, ToolContext } from '../host.js'
import { checkOptions } from '../options.js'
import type { Message } from './intercept.js'
import { knownTasks } from './known-tasks.js'
import { notifyingStream } from './notifying-stream.js'
import { errorResponse, INTERNAL_ERROR, ProtocolError } from './protocol-error.js'
import { LISTEN, type Subscription, subscriptionOf } from './subscription.js'
import { type TasksOptions, tasksOptionTypes } from './tasks-options.js'

/** What `createMcpHandler` of `@modelcontextprotocol/server` makes. */
export interface HttpHandler {
  fetch(request: Request, options?: RequestOptions): Promise<Response>
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
 * what the SDK itself tells of. A stream on which nothing else is told ends once all of its tasks have settled.
 * @param rain As for `attachTasks`; so are the options.
 * @returns The handler to be used in its place.
 * @throws RaincheckError `INVALID_OPTION` naming the option.
 */
export function notifyingHandler<H extends HttpHandler>(
  handler: H,
  rain: TaskSource | readonly TaskSource[],
  options: TasksOptions = {},
): H {
  checkOptions('notifyingHandler', options, tasksOptionTypes)
  const known = knownTasks(rain, options)
  const closing = new AbortController()
  const open = new Set<Subscription>()
  const listen: HttpHandler['fetch'] = async (request, requestOptions) => {
    const copy = requestOptions?.parsedBody === undefined ? request.clone() : undefined
    const response = await handler.fetch(request, requestOptions)
    // The SDK has checked the request before it begins a stream.
    if (!response.body || !isStream(response)) return response
    const message: Message = Object(copy ? await copy.json() : requestOptions?.parsedBody)
    try {
      const subscription = subscriptionOf(message, known, contextOf(request, requestOptions?.authInfo))
      if (!subscription || (await subscription.taskIds).length === 0) return response
      if (open.size >= MOST_STREAMS) throw new ProtocolError(INTERNAL_ERROR, 'Subscription limit reached')
      open.add(subscription)
      const closed = AbortSignal.any([closing.signal, request.signal])
      const onEnd = () => open.delete(subscription)
      return new Response(notifyingStream(response.body, subscription, closed, onEnd), response)
    } catch (error) {
      void response.body.cancel()
      return refusal(message, error)
    }
  }
  return {
    ...handler,
    fetch: (request: Request, requestOptions?: RequestOptions) =>
      (request.headers.get('mcp-method') === LISTEN ? listen : handler.fetch)(request, requestOptions),
    close: () => {
      closing.abort()
      return handler.close()
    },
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
  if (!(error instanceof ProtocolError)) throw error
  const status = error.code === INTERNAL_ERROR ? 200 : 400
  return Response.json(errorResponse(id, error), { status })
}
