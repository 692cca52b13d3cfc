// An MCP server whose slow tool becomes a task, and asks in the middle of it; for clients of 2026-07-28 and for older ones. A client
// starts it: node examples/mcp-tasks.mjs
import { setTimeout as sleep } from 'node:timers/promises'
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

const transport = notifyingTransport(new StdioServerTransport(), rain)
serveStdio(createServer, { transport })
process.stdin.once('end', () => rain.close()) // waits 5 s for running work, then the process has nothing left to do
