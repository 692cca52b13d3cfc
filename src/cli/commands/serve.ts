import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createHttpApp, type HttpApp } from '../../http/index.js'
import { AllowedDirectories } from '../../mcp-server/allowed-directories.js'
import { keepLogs } from '../../worker/task-logs.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { type CliFunctions, openFunctions } from '../functions.js'
import { describe } from '../report-failure.js'
import { isLoopback, type ServeOptions, type ServeTokens, serveTokens } from '../serve-access.js'
import { servedFunctions } from '../served-functions.js'
import { onSignals } from '../signals.js'
import { seeToWorker, withStore } from '../store.js'
import { readLogEnd } from '../task-log.js'

/** `raincheck serve <dir…>`: the tasks over HTTP, and a page that shows them, until it is told to end. */
export async function serve(names: string[], options: ServeOptions, version: string): Promise<ExitCode> {
  const access = serveTokens(options)
  const directories = await AllowedDirectories.open(names)
  const { store, all } = await openFunctions(version)
  const rains = all.map(({ rain }) => rain)
  const closeAll = () => Promise.all(rains.map((rain) => rain.close()))
  try {
    if (typeof store.option !== 'string')
      throw new Error(
        "serve needs a store that other processes see; set `store: 'sqlite'` in the config file",
      )
    for (const rain of rains) keepLogs(rain)
    const app = servedApp(all, directories, { ...options, ...access })
    const ending = untilSignal()
    const server = await listen(app, options)
    await ending
    server.close()
    await closeAll()
    server.closeAllConnections()
  } finally {
    await closeAll()
  }
  // What was not done is the worker's.
  await withStore(seeToWorker)
  return exitCodes.success
}

/** All that is served. What is mounted in it beside is under its checks, and finds the scope by `c.get('scope')`. */
function servedApp(
  all: readonly CliFunctions[],
  directories: AllowedDirectories,
  { host, allowHost = [], allowOrigin = [], tokens, adminToken }: ServeOptions & ServeTokens,
): HttpApp {
  return createHttpApp(
    all.map(({ rain }) => rain),
    {
      functions: servedFunctions(all, directories),
      ...(tokens ? { tokens } : {}),
      ...(adminToken === undefined ? {} : { adminToken }),
      hosts: isLoopback(host) ? allowHost : [host, ...allowHost],
      origins: allowOrigin,
      readLog: readLogEnd,
      onError: (error) => process.stderr.write(`raincheck: ${describe(error).message}\n`),
    },
  )
}

async function listen(app: HttpApp, { host, port }: Pick<ServeOptions, 'host' | 'port'>): Promise<Server> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unusable(error, host, port)))
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  process.stdout.write(`http://${host.includes(':') ? `[${host}]` : host}:${taken}/\n`)
  process.stderr.write('raincheck: serving; end it with Ctrl-C\n')
  return server
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    onSignals(resolve)
  })
}

function unusable({ code, message }: NodeJS.ErrnoException, host: string, port: number): Error {
  if (code === 'EADDRINUSE')
    return new Error(`port ${port} of ${host} is in use; choose another with --port, or --port 0 for any`)
  return new Error(
    `port ${port} of ${host} cannot be listened on (${message}); choose with --host and --port`,
  )
}
