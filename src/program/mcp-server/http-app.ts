import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  originValidationResponse,
} from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import type { Tokens } from '../../http/tokens.js'
import { notifyingHandler } from '../../mcp/tasks/index.js'
import { isLoopback } from './access.js'
import { serverMaker } from './create-server.js'
import type { Service } from './open-service.js'
import { taskSources, tasksOptions } from './task-sources.js'

/** The largest request, in bytes: tools take paths, not documents. */
const MOST_BODY_BYTES = 1024 * 1024

/** What serves MCP, wherever that is mounted. */
export interface McpEndpoint {
  /** @param client Who asks, once that is known for sure. */
  answer(request: Request, client: string | undefined): Promise<Response>
  /** Ends what goes on beyond an answer. */
  close(): Promise<void>
}

/**
 * Each request has a server and a transport of its own, and there are no sessions: tasks live in the store, progress goes out on
 * the response of its call, nothing has to be ended, and a client goes on after the server was started anew.
 */
export function mcpEndpoint(service: Service): McpEndpoint {
  const made = createMcpHandler(serverMaker(service), { maxRequestBodySize: MOST_BODY_BYTES })
  const handler = notifyingHandler(made, taskSources(service), tasksOptions(service))
  return {
    answer: async (request, client) => {
      if (request.method !== 'POST') return refuseMethod()
      // The secret itself is nobody's business any more.
      const authInfo = client === undefined ? {} : { authInfo: { token: '', clientId: client, scopes: [] } }
      return handler.fetch(request, authInfo)
    },
    close: () => handler.close(),
  }
}

export interface McpAppOptions {
  /** What the HTTP server listens on. */
  host: string
  /** Undefined: whoever reaches the server is served. */
  tokens: Tokens | undefined
  mcp: McpEndpoint
}

type Env = { Variables: { client: string } }

/** Serves MCP at /mcp, by itself. */
export function mcpApp({ host, tokens, mcp }: McpAppOptions): Hono<Env> {
  const app = new Hono<Env>()
  app.use('/mcp', async (context, next) => refuseRebinding(context.req.raw, host) ?? (await next()))
  if (tokens)
    app.use(
      '/mcp',
      bearerAuth<Env>({
        verifyToken: (token, context) => {
          const client = tokens.scopeOf(token)
          if (client !== undefined) context.set('client', client)
          return client !== undefined
        },
      }),
    )
  app.all('/mcp', (context) => mcp.answer(context.req.raw, context.get('client')))
  return app
}

/**
 * Refuses what a web page may send that has a name of its own lead to this machine (DNS rebinding).
 * @param host What the server listens on. On a loopback address the request must name one. Any other can have names that
 *   nobody here knows, and each request shows a token, which such a page does not have; its origin must be the server's.
 * @returns The refusal; undefined when the request may go on.
 */
function refuseRebinding(request: Request, host: string): Response | undefined {
  const named = isLoopback(host) ? [...localhostAllowedHostnames(), host] : [new URL(request.url).hostname]
  return hostHeaderValidationResponse(request, named) ?? originValidationResponse(request, named)
}

/** Without sessions there is nothing to listen to (GET) and nothing to end (DELETE). */
function refuseMethod(): Response {
  const error = { code: -32_000, message: 'Method not allowed: this server has no sessions; use POST.' }
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 405, headers: { allow: 'POST' } })
}
