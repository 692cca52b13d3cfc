import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { CallOptions, ListedTool, Result } from '../../mcp/peers.js'
import { binary } from '../../support/cli.js'
import { whenDone } from '../../support/when-done.js'

const info = { name: 'test', version: '1' }

/** A real client that is connected to the built binary. */
export interface Connection {
  tools: ListedTool[]
  instructions: string | undefined
  call(name: string, args?: object, options?: CallOptions): Promise<Result>
  /** Resolves when the client is closed; over stdio, when its server has ended, too. */
  close(): Promise<void>
}

/** The structured content of a result, as the test knows it. */
export function fieldsOf<T = Record<string, unknown>>({ structuredContent }: Result): T {
  return structuredContent as T
}

/** How a test reaches a server: `raincheck mcp` with these arguments, and a data directory of its own. */
export type Connect = (
  home: string,
  args: string[],
  environment?: Record<string, string>,
) => Promise<Connection>

/** Each client of each SDK over each transport. */
export const connections: [name: string, connect: Connect][] = [
  ['the v1 client over stdio', stdioV1],
  ['the v2 client over stdio', stdioV2],
  ['the v1 client over HTTP', async (home, args) => httpV1((await startHttp(home, args)).url)],
  ['the v2 client over HTTP', async (home, args) => httpV2((await startHttp(home, args)).url)],
]

export async function stdioV1(home: string, args: string[], environment = {}): Promise<Connection> {
  return connectV1(new StdioV1({ ...command(home, args, environment), stderr: 'ignore' }))
}

async function stdioV2(home: string, args: string[], environment = {}): Promise<Connection> {
  return connectV2(new StdioV2({ ...command(home, args, environment), stderr: 'ignore' }))
}

export async function httpV1(url: string, token?: string): Promise<Connection> {
  // The SDK's own types differ where an optional property is undefined.
  return connectV1(new HttpV1(new URL(url), headers(token)) as Transport)
}

export async function httpV2(url: string, token?: string): Promise<Connection> {
  return connectV2(new HttpV2(new URL(url), headers(token)))
}

function command(home: string, args: string[], environment: Record<string, string>) {
  const env = { ...(process.env as Record<string, string>), ...environment, RAINCHECK_HOME: `${home}/data` }
  return { command: process.execPath, args: [binary, 'mcp', ...args], env, cwd: home }
}

function headers(token: string | undefined) {
  return token === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${token}` } } }
}

async function connectV1(transport: Transport): Promise<Connection> {
  const client = new ClientV1(info)
  whenDone(() => client.close())
  await client.connect(transport)
  const { tools } = await client.listTools()
  return {
    tools: tools as unknown as ListedTool[],
    instructions: client.getInstructions(),
    call: async (name, args = {}, options) =>
      (await client.callTool({ name, arguments: { ...args } }, undefined, options)) as Result,
    close: () => client.close(),
  }
}

async function connectV2(transport: StdioV2 | HttpV2): Promise<Connection> {
  const client = new ClientV2(info, { versionNegotiation: { mode: 'auto' } })
  whenDone(() => client.close())
  await client.connect(transport)
  const { tools } = await client.listTools()
  return {
    tools: tools as unknown as ListedTool[],
    instructions: client.getInstructions(),
    call: async (name, args = {}, options) =>
      (await client.callTool({ name, arguments: { ...args } }, options)) as Result,
    close: () => client.close(),
  }
}

export interface HttpServer {
  url: string
  process: ChildProcess
  /** Ends it politely. @returns Its exit code. */
  end(): Promise<number | null>
}

/** Starts a server on a free port of the loopback address. */
export async function startHttp(
  home: string,
  args: string[],
  variables: Record<string, string> = {},
): Promise<HttpServer> {
  const { command: node, args: all, env, cwd } = command(home, [...args, '--http', '0', '--json'], variables)
  const server = spawn(node, all, { env, cwd, stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(server, 'exit')
  const end = async () => {
    server.kill('SIGTERM')
    return (await exited)[0] as number | null
  }
  whenDone(async () => void (await end()))
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  return { url, process: server, end }
}
