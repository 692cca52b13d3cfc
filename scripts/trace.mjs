// Prints which files and functions of ours one operation runs through, by V8's precise coverage, on the built code, warm:
// `npm run trace`. With `--list` it prints their names, too. It is built without bundling; functions are those of the sources; what a library runs is not counted.
import { once } from 'node:events'
import { Session } from 'node:inspector/promises'
import { fileURLToPath } from 'node:url'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { createRaincheck } from '../out/trace/index.js'
import { registerCachedTool } from '../out/trace/mcp/index.js'

const WARM_UPS = 200
const dist = new URL('../out/trace/', import.meta.url).href

/** Each prepares itself and answers the operation; the number tells one run from another, so that no input comes twice. */
const operations = {
  'a quick miss in memory': async () => {
    const call = createRaincheck().cached({ name: 'double', asyncTimeout: '5s' })(async ({ n }) => 2 * n)
    return (n) => call({ n })
  },
  'a hit in memory': async () => {
    const call = createRaincheck().cached({ name: 'double', asyncTimeout: '5s', ttl: '1h' })(
      async ({ n }) => 2 * n,
    )
    return () => call({ n: 1 })
  },
  'a poll of a complete ref': async () => {
    const rain = createRaincheck()
    const call = rain.cached({ name: 'double', asyncTimeout: '5s' })(async ({ n }) => 2 * n)
    const { ref } = await call({ n: 1 })
    return () => rain.poll(ref)
  },
  "an MCP cached tool's miss": async () => {
    const input = z.object({ n: z.number() })
    const call = createRaincheck().cached({ name: 'double', asyncTimeout: '5s', input })(
      async ({ n }) => 2 * n,
    )
    const server = new McpServer({ name: 'trace', version: '1' })
    registerCachedTool(server, 'double', call)
    const client = new Client({ name: 'trace', version: '1' })
    const [one, other] = InMemoryTransport.createLinkedPair()
    await Promise.all([server.connect(one), client.connect(other)])
    await client.listTools()
    return (n) => client.callTool({ name: 'double', arguments: { n } })
  },
}

const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
for (const [name, prepare] of Object.entries(operations)) {
  const operation = await prepare()
  for (let n = 0; n < WARM_UPS; n++) await operation(n)
  await settled()
  await session.post('Profiler.takePreciseCoverage')
  await operation(WARM_UPS)
  await settled()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  report(name, result)
}
session.disconnect()
// A server and its client stay connected.
process.exit()

/** What goes on after the answer belongs to the operation. */
async function settled() {
  const channel = new MessageChannel()
  for (let turn = 0; turn < 3; turn++) {
    channel.port1.postMessage(turn)
    await once(channel.port2, 'message')
  }
  channel.port1.close()
}

function report(name, scripts) {
  const ran = scripts
    .filter(({ url }) => url.startsWith(dist))
    .map(({ url, functions }) => ({
      file: fileURLToPath(url).slice(fileURLToPath(dist).length),
      functions: functions.filter(({ ranges: [range] }) => range.count > 0),
    }))
    .filter(({ functions }) => functions.length > 0)
  const sum = ran.reduce((total, { functions }) => total + functions.length, 0)
  console.log(`${name}: ${ran.length} files, ${sum} functions`)
  if (!process.argv.includes('--list')) return
  for (const { file, functions } of ran)
    console.log(`  ${file}: ${functions.map(({ functionName }) => functionName || '(no name)').join(', ')}`)
}
