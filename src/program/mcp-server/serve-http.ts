import type { Hono } from 'hono'
import { Tokens } from '../../http/tokens.js'
import { clientTokens } from './access.js'
import { DRAIN_MS, endService, settleIn } from './end-service.js'
import { type McpEndpoint, mcpApp, mcpEndpoint } from './http-app.js'
import { type Address, listen } from './listen.js'
import type { Service } from './open-service.js'

export interface HttpOptions {
  host: string
  /** 0 for a free one. */
  port: number
  /** Each `name=secret`. @default those of the environment */
  tokens: readonly string[] | undefined
  signal: AbortSignal
  onListening(url: string): void
}

/** Serves clients over HTTP, until the signal says so. */
export async function serveHttp(service: Service, options: HttpOptions): Promise<void> {
  const { host, port, signal } = options
  const byName = clientTokens(host, options.tokens)
  const mcp = mcpEndpoint(service)
  const app = mcpApp({ host, tokens: byName && new Tokens(byName), mcp })
  const onListening = (url: string) => options.onListening(`${url}/mcp`)
  const address = { host, port, option: '--http' } as const
  await serveApp(app, address, service, { mcp, signal, onListening, drainMs: DRAIN_MS })
}

interface Serving extends Pick<HttpOptions, 'signal' | 'onListening'> {
  mcp: McpEndpoint
  /** How long running tasks may take to end with the server, in milliseconds. */
  drainMs: number
}

/** Serves an app until the signal says so, and leaves what is not done by then to the worker. */
export async function serveApp(
  app: Pick<Hono, 'fetch'>,
  address: Address,
  service: Service,
  { mcp, signal, onListening, drainMs }: Serving,
): Promise<void> {
  try {
    const listening = await listen(app, address)
    onListening(listening.url)
    await settleIn(service)
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    const closed = listening.close()
    await endService(service, Date.now() + drainMs)
    await mcp.close()
    await closed
  } finally {
    await endService(service, Date.now())
  }
}
