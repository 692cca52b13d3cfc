import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createLegacyServer } from './legacy-server.js'
import type { Connection } from './open-requests.js'
import type { Service } from './open-service.js'
import type { ToolList } from './tool-list.js'

/** Serves a client that begins with a handshake. */
export async function connectStdio(
  service: Service,
  tools: ToolList,
  { input, output }: { input: Readable; output: Writable },
): Promise<Connection> {
  const transport = new StdioServerTransport(input, output)
  const server = createLegacyServer(service, tools)
  await server.connect(transport)
  return { transport, close: () => server.close() }
}
