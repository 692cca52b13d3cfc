import { openService } from '../../mcp-server/open-service.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { redisChanges } from '../redis-changes.js'
import { toolWindow } from '../serve/tool-window.js'
import { onSignals } from '../signals.js'
import { writeOut } from '../stdout.js'
import { findConfig, findStore } from '../store.js'

export interface McpOptions {
  http?: number
  host?: string
  token?: string[]
  asyncTimeout?: number
  config?: string
  json?: boolean
}

/** What may keep a process alive after its end, such as a function that does not hear of it, gets this long. */
const EXIT_MS = 1_000

/** `raincheck mcp <dir…>`: serves MCP clients, over stdio or HTTP, until they leave or Ctrl-C. */
export async function mcp(directories: string[], options: McpOptions, version: string): Promise<ExitCode> {
  const { http: port, host = '127.0.0.1' } = options
  if (port === undefined && (options.host ?? options.token ?? options.json) !== undefined)
    throw new Error('--host, --token and --json are for a server over HTTP; add --http <port>')
  const asyncTimeout = options.asyncTimeout ?? toolWindow()
  const config = options.config ?? findConfig()
  const open = async () => {
    // Most have neither, and need not wait for what reads them.
    const mayBeRemote = process.env.RAINCHECK_REDIS !== undefined || config !== undefined
    const changes = mayBeRemote ? await redisChanges(await findStore(config)) : {}
    return openService({ version, directories, asyncTimeout, config, changes })
  }
  const signals = onSignals()
  const { signal } = signals
  if (port === undefined) {
    const { serveStdio } = await import('../../mcp-server/serve-stdio.js')
    await serveStdio(open, signal)
  } else {
    const { serveHttp } = await import('../../mcp-server/serve-http.js')
    const onListening = (url: string) => tellUrl(url, options)
    await serveHttp(await open(), { host, port, tokens: options.token, signal, onListening })
  }
  signals.stop()
  const exitCode = signals.received() ?? exitCodes.success
  setTimeout(() => process.exit(exitCode), EXIT_MS).unref()
  return exitCode
}

function tellUrl(url: string, { json }: McpOptions): void {
  if (json) writeOut(`${JSON.stringify({ url })}\n`)
  process.stderr.write(`raincheck: serves MCP clients at ${url}; end it with Ctrl-C\n`)
}
