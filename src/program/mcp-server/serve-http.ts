import { RaincheckError } from '../../core/words/errors.js'
import { DRAIN_MS, endService, settleIn } from './end-service.js'
import { mcpApp } from './http-app.js'
import { servingOf } from './http-eras.js'
import { listen } from './listen.js'
import { isLoopback } from './loopback.js'
import type { Service } from './open-service.js'
import { registerTools } from './register-tools.js'
import { Tokens } from './tokens.js'
import { ToolList } from './tool-list.js'

export interface HttpOptions {
  host: string
  /** 0 for a free one. */
  port: number
  /** Each `name=secret`. */
  tokens: readonly string[]
  signal: AbortSignal
  onListening(url: string): void
}

/** Serves clients over HTTP, until the signal says so. */
export async function serveHttp(service: Service, options: HttpOptions): Promise<void> {
  const { host, port, signal } = options
  const tokens = new Tokens(options.tokens)
  if (tokens.size === 0 && !isLoopback(host))
    throw new RaincheckError(
      'INVALID_OPTION',
      `--host ${host} lets other machines read the documents: give each client a token with --token name=secret or RAINCHECK_TOKENS, or leave --host out`,
    )
  const tools = new ToolList()
  registerTools(tools, service)
  const serving = servingOf(service, tools)
  const listening = await listen(mcpApp({ host, tokens, serving }), { host, port, option: '--http' })
  options.onListening(`${listening.url}/mcp`)
  await settleIn(service)
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  const closed = listening.close()
  await endService(service, Date.now() + DRAIN_MS)
  await serving.close()
  await closed
}
