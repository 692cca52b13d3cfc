import { createHttpApp, type HttpApp } from '../../../http/index.js'
import type { Cached } from '../../../index.js'
import { endService, settleIn } from '../../mcp-server/end-service.js'
import { answerRequest } from '../../mcp-server/http-app.js'
import { servingOf } from '../../mcp-server/http-eras.js'
import type { HttpServing } from '../../mcp-server/http-serving.js'
import { hostNameOf, listen } from '../../mcp-server/listen.js'
import { openService, type Service } from '../../mcp-server/open-service.js'
import { registerTools } from '../../mcp-server/register-tools.js'
import { ToolList } from '../../mcp-server/tool-list.js'
import { keepLogs } from '../../worker/task-logs.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { CliFunctions } from '../functions.js'
import { redisChanges } from '../redis-changes.js'
import { describe } from '../report-failure.js'
import { type ServeOptions, type ServeTokens, serveTokens } from '../serve/access.js'
import { servedFunctions } from '../serve/functions.js'
import { toolWindow } from '../serve/tool-window.js'
import { onSignals } from '../signals.js'
import { type CliStore, findConfig, findStore } from '../store.js'
import { readLogEnd } from '../task-log.js'

/** How long running tasks may take to end with the server, in milliseconds; half of what Docker leaves between its signals. */
const DRAIN_MS = 5_000

/** `raincheck serve <dir…>`: the tasks over HTTP, a page that shows them, and MCP at /mcp, until it is told to end. */
export async function serve(names: string[], options: ServeOptions, version: string): Promise<ExitCode> {
  const access = serveTokens(options)
  const store = await findStore()
  refuseOwnStore(store)
  const service = await openShared(names, store, version)
  const all = await functionsOf(service)
  for (const { rain } of all) keepLogs(rain)
  const tools = new ToolList()
  registerTools(tools, service)
  const mcp = servingOf(service, tools)
  const app = servedApp(all, service, mcp, { ...options, ...access })
  const ending = untilSignal()
  try {
    const listening = await listen(app, { ...options, option: '--port' })
    process.stdout.write(`${listening.url}/\n`)
    process.stderr.write(`raincheck: serving, with MCP at ${listening.url}/mcp; end it with Ctrl-C\n`)
    await settleIn(service)
    await ending
    const closed = listening.close()
    await endService(service, Date.now() + DRAIN_MS)
    await mcp.close()
    await closed
  } finally {
    await endService(service, Date.now())
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

/** Of the bundled ones the conversion alone: the others write files. */
async function functionsOf({ bundled, config }: Service): Promise<CliFunctions[]> {
  const { rain, convert } = await bundled.load()
  const functions = new Map([[convert.name, convert as Cached<unknown, unknown>]])
  return [...(config ? [{ from: config.path, ...config }] : []), { from: 'raincheck', rain, functions }].map(
    (one) => ({ ...one, queued: false }),
  )
}

/** All that is served; MCP is under the checks of the rest. */
function servedApp(
  all: readonly CliFunctions[],
  { allowed }: Service,
  mcp: HttpServing,
  { host, allowHost = [], allowOrigin = [], tokens, adminToken }: ServeOptions & ServeTokens,
): HttpApp {
  const app = createHttpApp(
    all.map(({ rain }) => rain),
    {
      functions: servedFunctions(all, allowed),
      ...(tokens ? { tokens } : {}),
      ...(adminToken === undefined ? {} : { adminToken }),
      hosts: [hostNameOf(host), ...allowHost],
      origins: allowOrigin,
      readLog: readLogEnd,
      onError: (error) => process.stderr.write(`raincheck: ${describe(error).message}\n`),
    },
  )
  app.all('/mcp', (context) => answerRequest(mcp, context.req.raw, context.get('scope') || undefined))
  return app
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    onSignals(resolve)
  })
}
