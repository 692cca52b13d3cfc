// Round trips of a cached tool's hit, against a bare tool of the same SDK; client and server in one process.
import { Client as ClientV2, InMemoryTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport as TransportV1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpServer as McpServerV2 } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { createRaincheck } from '../../dist/index.js'
import { registerCachedTool } from '../../dist/mcp/index.js'
import { compare, each } from './harness.mjs'

const info = { name: 'bench', version: '1' }
const input = z.object({ n: z.number() })
const output = z.object({ n: z.number(), square: z.number() })
const work = async ({ n }) => ({ n, square: n * n })

const sdks = [
  ['v1', McpServerV1, ClientV1, TransportV1],
  ['v2', McpServerV2, ClientV2, TransportV2],
]
for (const [name, McpServer, Client, InMemoryTransport] of sdks) {
  const roundTrips = async (register) => {
    const server = new McpServer(info)
    register(server)
    const client = new Client(info)
    const [one, other] = InMemoryTransport.createLinkedPair()
    await Promise.all([server.connect(one), client.connect(other)])
    // As clients do; from then on they check each result.
    await client.listTools()
    return () => each(5_000, () => client.callTool({ name: 'square', arguments: { n: 12 } }))
  }
  await compare({
    name: `MCP: round trip of a cached tool's hit, in memory, ${name} (bare tool)`,
    file: import.meta.url,
    target: 1.3,
    rounds: 21,
    ours: () => {
      const wrapped = createRaincheck().cached({
        ...{ name: 'square', asyncTimeout: '20s', ttl: '1h', input, output },
      })(work)
      return roundTrips((server) => registerCachedTool(server, 'square', wrapped))
    },
    theirs: () =>
      roundTrips((server) =>
        server.registerTool('square', { inputSchema: input, outputSchema: output }, async (args) => {
          const value = await work(args)
          return { content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value }
        }),
      ),
  })
}
