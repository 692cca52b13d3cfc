import { given } from '../../../core/words/given.js'
import { createHttpApp, type HttpApp } from '../../../http/index.js'
import { sqliteDriver } from '../../../stores/sqlite/driver.js'
import { clientTokens } from '../../mcp-server/access.js'
import { mcpEndpoint } from '../../mcp-server/http-app.js'
import { hostNameOf } from '../../mcp-server/listen.js'
import { openService, type Service } from '../../mcp-server/open-service.js'
import { serveApp } from '../../mcp-server/serve-http.js'
import { keepLogs, sweepLogsHourly } from '../../worker/task-logs.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { redisChanges } from '../redis-changes.js'
import { describe } from '../report-failure.js'
import { servedConvert } from '../serve/served-convert.js'
import { toolWindow } from '../serve/tool-window.js'
import { onSignals } from '../signals.js'
import { writeOut } from '../stdout.js'
import { type CliStore, findConfig, findStore } from '../store.js'
import { readLogEnd } from '../task-log.js'

export interface ServeOptions {
  port: number
  host: string
  /** Each `name=secret`. */
  token?: string[]
  allowHost?: string[]
  allowOrigin?: string[]
}

/** How long running tasks may take to end with the server, in milliseconds; half of what Docker leaves between its signals. */
const DRAIN_MS = 5_000

/** `raincheck serve <dir…>`: the tasks over HTTP, a page that shows them, and MCP at /mcp, until it is told to end. */
export async function serve(names: string[], options: ServeOptions, version: string): Promise<ExitCode> {
  const tokens = clientTokens(options.host, options.token)
  const store = await findStore()
  refuseOwnStore(store)
  // Not later, by each task: whoever starts a server for others wants to know at once.
  if (store.file !== undefined) await sqliteDriver().load()
  const service = await openShared(names, store, version)
  const mcp = mcpEndpoint(service)
  const app = await servedApp(service, tokens, options)
  // Under the checks of the rest.
  app.all('/mcp', (context) => mcp.answer(context.req.raw, context.get('scope') || undefined))
  const stopSweeping = sweepLogsHourly()
  try {
    await serveApp(app, { ...options, option: '--port' }, service, {
      mcp,
      drainMs: DRAIN_MS,
      signal: onSignals().signal,
      onListening: (url) => {
        writeOut(`${url}/\n`)
        process.stderr.write(`raincheck: serving, with MCP at ${url}/mcp; end it with Ctrl-C\n`)
      },
    })
  } finally {
    stopSweeping()
  }
  return exitCodes.success
}

function refuseOwnStore({ option }: CliStore): void {
  if (typeof option !== 'string')
    throw new Error("serve needs a store that other processes see; set `store: 'sqlite'` in the config file")
}

/** One client has the same tasks over HTTP and MCP. */
async function openShared(directories: string[], store: CliStore, version: string): Promise<Service> {
  return openService({
    ...{ version, directories },
    asyncTimeout: toolWindow(),
    config: findConfig(),
    changes: await redisChanges(store),
    scope: ({ authInfo, http }) => (authInfo ?? http?.authInfo)?.clientId ?? '',
  })
}

/** The functions of the config file, and of the bundled ones the conversion alone: the others write files. */
async function servedApp(
  { bundled, config }: Service,
  tokens: ReturnType<typeof clientTokens>,
  { host, allowHost = [], allowOrigin = [] }: ServeOptions,
): Promise<HttpApp> {
  const { rain, convert } = await bundled.load()
  const rains = config ? [config.rain, rain] : [rain]
  for (const one of rains) keepLogs(one)
  return createHttpApp(rains, {
    functions: [...(config?.functions.values() ?? []), servedConvert(convert)],
    ...given({ tokens, adminToken: process.env.RAINCHECK_ADMIN_TOKEN || undefined }),
    hosts: [hostNameOf(host), ...allowHost],
    origins: allowOrigin,
    readLog: readLogEnd,
    onError: (error) => process.stderr.write(`raincheck: ${describe(error).message}\n`),
  })
}
