import { Client as ClientV2, InMemoryTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport as TransportV1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpServer as McpServerV2 } from '@modelcontextprotocol/server'
import { onTestFinished } from 'vitest'
import type { ToolHost } from '../../src/mcp/index.js'

const info = { name: 'test', version: '1' }

export interface Progress {
  progress: number
  total?: number | undefined
  message?: string | undefined
}

export interface CallOptions {
  signal?: AbortSignal
  onprogress?: (progress: Progress) => void
}

/** A tool result, as the client has it. */
export interface Result {
  content: { type: string; text: string }[]
  structuredContent?: Record<string, unknown>
  isError?: boolean
}

/** A tool, as the client sees it. */
export interface ListedTool {
  name: string
  description: string
  inputSchema: { properties: Record<string, object>; required?: string[] }
  outputSchema?: { properties: Record<string, object>; required?: string[] }
  annotations?: object
}

/** A client that is connected to a server whose tools the test registered. */
export interface Peer {
  tools(): Promise<ListedTool[]>
  call(name: string, args?: object, options?: CallOptions): Promise<Result>
}

/** Real clients and servers of both SDKs, over a transport in memory. */
export const peers: [name: string, connect: (register: (host: ToolHost) => void) => Promise<Peer>][] = [
  ['v1', (register) => connectV1(register)],
  ['v2', (register) => connectV2(register)],
]

async function connectV1(register: (host: ToolHost) => void): Promise<Peer> {
  const server = new McpServerV1(info)
  register(server)
  const client = new ClientV1(info)
  const [one, other] = TransportV1.createLinkedPair()
  await Promise.all([server.connect(one), client.connect(other)])
  onTestFinished(() => client.close())
  return peer(
    () => client.listTools(),
    (params, options) => client.callTool(params, undefined, options),
  )
}

async function connectV2(register: (host: ToolHost) => void): Promise<Peer> {
  const server = new McpServerV2(info)
  register(server)
  const client = new ClientV2(info)
  const [one, other] = TransportV2.createLinkedPair()
  await Promise.all([server.connect(one), client.connect(other)])
  onTestFinished(() => client.close())
  return peer(
    () => client.listTools(),
    (params, options) => client.callTool(params, options),
  )
}

/** Lists the tools first, as clients do: from then on they check each result against its output schema. */
async function peer(
  listTools: () => Promise<{ tools: unknown }>,
  callTool: (
    params: { name: string; arguments: Record<string, unknown> },
    options?: CallOptions,
  ) => Promise<unknown>,
): Promise<Peer> {
  const { tools } = await listTools()
  return {
    tools: async () => tools as ListedTool[],
    call: async (name, args = {}, options) =>
      (await callTool({ name, arguments: { ...args } }, options)) as Result,
  }
}

/** The text of a result: all of its blocks. */
export function textOf({ content }: Result): string {
  return content.map(({ text }) => text).join('\n')
}
