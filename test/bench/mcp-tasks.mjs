// Round trips of a quick call to a cached tool with tasks attached, by a client that takes tasks, against a bare tool on a bare
// server; both of the protocol of 2026-07-28, client and server in one process. Nothing is answered from a store.
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'
import { createRaincheck } from '../../dist/index.js'
import { registerCachedTool } from '../../dist/mcp/index.js'
import { attachTasks } from '../../dist/mcp/tasks/index.js'
import { compare, eachOnCpu } from './harness.mjs'

const info = { name: 'bench', version: '1' }
const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } }
const input = z.object({ n: z.number() })
const output = z.object({ n: z.number(), square: z.number() })
const work = async ({ n }) => ({ n, square: n * n })

async function roundTrips(register) {
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  serveStdio(
    () => {
      const server = new McpServer(info)
      register(server)
      return server
    },
    { transport: ours },
  )
  const client = new Client(info, { capabilities, versionNegotiation: { mode: 'auto' } })
  await client.connect(theirs)
  // As clients do; from then on they check each result.
  await client.listTools()
  let next = 0
  return () => eachOnCpu(2_000, () => client.callTool({ name: 'square', arguments: { n: next++ } }))
}

await compare({
  name: 'MCP: CPU of a quick call, cached tool with tasks (bare tool)',
  file: import.meta.url,
  difference: 100,
  rounds: 21,
  ours: () => {
    const rain = createRaincheck()
    const wrapped = rain.cached({ name: 'square', asyncTimeout: '20s', input, output })(work)
    return roundTrips((server) => {
      registerCachedTool(server, 'square', wrapped)
      attachTasks(server, rain)
    })
  },
  theirs: () =>
    roundTrips((server) =>
      server.registerTool('square', { inputSchema: input, outputSchema: output }, async (args) => {
        const value = await work(args)
        return { content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value }
      }),
    ),
})
