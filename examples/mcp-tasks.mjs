// An MCP server whose slow tool becomes a task, and asks in the middle of it; for clients of 2026-07-28 and for older ones. A client
// starts it by: node examples/mcp-tasks.mjs serve
// Without `serve` it plays a client that knows tasks, in the messages that go over the wire; an SDK would write them.
// Run it with: npm run build && node examples/mcp-tasks.mjs
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { McpServer } from '@modelcontextprotocol/server'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { createRaincheck } from 'raincheck'
import { registerCachedTool, registerTaskTools } from 'raincheck/mcp'
import { attachTasks, notifyingTransport } from 'raincheck/mcp/tasks'
import { z } from 'zod'

const rain = createRaincheck() // { store: 'sqlite' } keeps tasks and their questions beyond this process

const bake = rain.cached({
  name: 'bake',
  asyncTimeout: '1s', // how long a call waits before it becomes a task
  input: z.object({ cake: z.string(), seconds: z.number().min(0).max(600) }),
})(async ({ cake, seconds }, task) => {
  // The run ends here until there is an answer; then the function runs again, from its start, and has it.
  const topping = await task.ask('topping', `What goes on top of the ${cake}?`)
  for (let current = 0; current < seconds; current++) {
    task.progress({ current, total: seconds, message: 'in the oven' })
    await sleep(1_000, undefined, { signal: task.signal })
  }
  return `${cake} with ${topping}`
})

function createServer() {
  const server = new McpServer({ name: 'bakery', version: '1.0.0' })
  registerCachedTool(server, 'bake', bake, { description: 'Bakes a cake.' })
  registerTaskTools(server, rain) // for clients that do not know tasks
  attachTasks(server, rain)
  return server
}

if (process.argv[2] === 'serve') serve()
else await playClient()

function serve() {
  const transport = notifyingTransport(new StdioServerTransport(), rain)
  serveStdio(createServer, { transport })
  const { onclose } = transport // the SDK's own, which has been set by now
  transport.onclose = () => {
    onclose()
    rain.close() // waits 5 s for running work, then the process has nothing left to do
  }
}

async function playClient() {
  const server = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const responses = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  const protocol = 'io.modelcontextprotocol'
  const _meta = {
    [`${protocol}/protocolVersion`]: '2026-07-28',
    [`${protocol}/clientInfo`]: { name: 'client', version: '1.0.0' },
    // What makes a task of a slow call: the client says that it knows tasks, and that it can ask its user.
    [`${protocol}/clientCapabilities`]: { elicitation: {}, extensions: { [`${protocol}/tasks`]: {} } },
  }
  const request = async (id, method, params) => {
    const message = { jsonrpc: '2.0', id, method, params: { ...params, _meta } }
    server.stdin.write(`${JSON.stringify(message)}\n`)
    const { value } = await responses.next()
    return JSON.parse(value).result
  }

  const call = { name: 'bake', arguments: { cake: 'cheesecake', seconds: 2 } }
  const { taskId, resultType } = await request(1, 'tools/call', call)
  console.log(`tools/call: a ${resultType}, ${taskId}`)
  const asked = await request(2, 'tasks/get', { taskId })
  console.log(`tasks/get: ${asked.status}, ${asked.inputRequests.topping.params.message}`)
  assert.deepEqual([resultType, asked.status], ['task', 'input_required'])

  const topping = { action: 'accept', content: { answer: 'cherries' } } // what the user says
  await request(3, 'tasks/update', { taskId, inputResponses: { topping } })
  let task = await request(4, 'tasks/get', { taskId })
  for (let id = 5; task.status === 'working'; id++) {
    console.log(`tasks/get: ${task.status}, ${task.statusMessage}`)
    await sleep(task.pollIntervalMs)
    task = await request(id, 'tasks/get', { taskId })
  }
  const { text } = task.result.content[0]
  console.log(`tasks/get: ${task.status}, ${text}`)
  assert.equal(text, 'cheesecake with cherries')

  server.stdin.end()
  const [exitCode] = await once(server, 'exit')
  assert.equal(exitCode, 0) // the server has ended with its client
}
