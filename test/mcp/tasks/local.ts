import { InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { onTestFinished } from 'vitest'
import { createRaincheck, type Raincheck } from '../../../src/index.js'
import {
  type AttachTasksOptions,
  attachTasks,
  notifyingHandler,
  notifyingTransport,
  type TasksOptions,
} from '../../../src/mcp/tasks/index.js'
import { connect, type TaskClient } from './session.js'

/** A raincheck in memory that is closed with the test. */
export function newRain(): Raincheck {
  const rain = createRaincheck({ app: 'test' })
  onTestFinished(() => rain.close({ drain: 0 }))
  return rain
}

export type Local = (
  rain: Raincheck,
  register: (server: McpServer) => void,
  options?: AttachTasksOptions,
) => Promise<{ client: TaskClient; server: { toolsChanged(): void } }>

/** The serving entries of the SDK, in this process: that of one connection, and that of HTTP. */
export const entries: [name: string, local: Local][] = [
  ['a connection', localConnection],
  ['HTTP', localHttp],
]

async function localConnection(
  rain: Raincheck,
  register: (server: McpServer) => void,
  options: AttachTasksOptions = {},
): ReturnType<Local> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const servers: McpServer[] = []
  const remember = (server: McpServer) => {
    servers.push(server)
    register(server)
  }
  const handle = serveStdio(factory(rain, remember, options), {
    transport: notifyingTransport(ours, rain, withoutTools(options)),
  })
  onTestFinished(() => handle.close())
  const client = await connect(theirs)
  return { client, server: { toolsChanged: () => servers.at(-1)?.sendToolListChanged() } }
}

async function localHttp(...args: Parameters<Local>): ReturnType<Local> {
  const handler = localHandler(...args)
  return { client: await connect(httpTransport(handler)), server: handler.notify }
}

export function localHandler(
  rain: Raincheck,
  register: (server: McpServer) => void,
  options: AttachTasksOptions = {},
) {
  const handler = createMcpHandler(factory(rain, register, options))
  const notifying = notifyingHandler(handler, rain, withoutTools(options))
  onTestFinished(() => notifying.close())
  return notifying
}

export function httpTransport(handler: ReturnType<typeof localHandler>): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), {
    fetch: (url, init) => handler.fetch(new Request(url, init)),
  })
}

function factory(rain: Raincheck, register: (server: McpServer) => void, options: AttachTasksOptions) {
  return () => {
    const server = new McpServer({ name: 'test', version: '1' })
    register(server)
    attachTasks(server, rain, options)
    return server
  }
}

function withoutTools({ requireTasks: _, ...options }: AttachTasksOptions): TasksOptions {
  return options
}
