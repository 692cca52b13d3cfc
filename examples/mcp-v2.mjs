// An MCP server on @modelcontextprotocol/server (v2) whose slow tool answers in time. A client starts it by: node examples/mcp-v2.mjs serve
// Without `serve` it plays the client, too: an agent that starts the server and redeems what it gets.
// Run it with: npm run build && node examples/mcp-v2.mjs
import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { McpServer } from '@modelcontextprotocol/server'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { createRaincheck } from 'raincheck'
import { registerCachedTool, registerTaskTools } from 'raincheck/mcp'
import { z } from 'zod'

const rain = createRaincheck() // { store: 'sqlite' } keeps refs and values beyond this process

const estimatePi = rain.cached({
  name: 'estimate-pi',
  asyncTimeout: '1s', // how long a call waits before it answers with a ref; 20 s suits most clients
  ttl: '1h', // how long equal calls are answered from the store
  input: z.object({ seconds: z.number().min(0).max(600).describe('How long to draw random points') }),
  output: z.object({ pi: z.number(), points: z.number() }),
})(async ({ seconds }, task) => {
  const startedAt = performance.now()
  let inside = 0
  let points = 0
  for (let elapsed = 0; elapsed < seconds && !task.signal.aborted; ) {
    for (let n = 0; n < 10_000; n++, points++) if (Math.hypot(Math.random(), Math.random()) < 1) inside++
    elapsed = (performance.now() - startedAt) / 1_000
    task.progress({ current: Math.min(elapsed, seconds), total: seconds, message: `${points} points` })
    await nextTurn()
  }
  return { pi: points === 0 ? 3 : (4 * inside) / points, points }
})

if (process.argv[2] === 'serve') await serve()
else await playAgent()

async function serve() {
  const server = new McpServer({ name: 'pi', version: '1.0.0' })
  registerCachedTool(server, 'estimate_pi', estimatePi, { description: 'Estimates pi from random points.' })
  registerTaskTools(server, rain)

  const transport = new StdioServerTransport()
  transport.onclose = () => rain.close() // waits 5 s for running work, then the process has nothing left to do
  await server.connect(transport)
}

async function playAgent() {
  const args = [fileURLToPath(import.meta.url), 'serve']
  const transport = new StdioClientTransport({ command: process.execPath, args })
  const agent = new Client({ name: 'agent', version: '1.0.0' })
  await agent.connect(transport)
  const { tools } = await agent.listTools()
  console.log(`tools: ${tools.map(({ name }) => name).join(', ')}`)

  const quick = await agent.callTool({ name: 'estimate_pi', arguments: { seconds: 0.1 } })
  console.log(`a quick call: ${JSON.stringify(quick.structuredContent)}`)
  assert.equal(Math.round(quick.structuredContent.pi), 3)

  const slow = await agent.callTool({ name: 'estimate_pi', arguments: { seconds: 2 } })
  const { status, ref, nextStep } = slow.structuredContent
  console.log(`a slow call: ${status}, ${ref}. ${nextStep}`)
  assert.equal(status, 'processing')

  const result = await agent.callTool({ name: 'get_task_result', arguments: { ref } })
  const redeemed = result.structuredContent
  console.log(`get_task_result: ${redeemed.status}, ${JSON.stringify(redeemed.value)}`)
  assert.deepEqual([redeemed.status, Math.round(redeemed.value.pi)], ['complete', 3])

  const { pid } = transport
  await agent.close()
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' }) // the server has ended with its client
}
