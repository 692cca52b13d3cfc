// The tools that the `tasks-*` scenarios of the conformance suite call, made with what this package exports.
// Prints its URL as JSON.
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { createRaincheck } from '../../dist/index.js'
import { registerCachedTool } from '../../dist/mcp/index.js'
import { attachTasks } from '../../dist/mcp/tasks/index.js'

const rain = createRaincheck({ app: 'conformance' })
const asyncTimeout = 100

const slowCompute = rain.cached({
  ...{ name: 'slow_compute', asyncTimeout },
  input: z.object({ seconds: z.number(), label: z.string().optional() }),
})(async ({ seconds }, { signal }) => {
  if (seconds > 0) await sleep(seconds * 1_000, undefined, { signal })
  return `computed for ${seconds} s`
})

const failingJob = rain.cached({ name: 'failing_job', asyncTimeout, input: z.object({}) })(async () => {
  await sleep(1_000)
  throw new Error('the job failed')
})

const protocolErrorJob = rain.cached({ name: 'protocol_error_job', asyncTimeout, input: z.object({}) })(
  async () => {
    await sleep(500)
    throw Object.assign(new Error('the server broke'), { code: -32_603 })
  },
)

const confirmDelete = rain.cached({
  ...{ name: 'confirm_delete', asyncTimeout },
  input: z.object({ filename: z.string() }),
})(async ({ filename }, task) => {
  const { action, content } = await task.ask('confirm', form(`Delete ${filename}?`, { confirm: 'boolean' }))
  return action === 'accept' && content.confirm ? `deleted ${filename}` : `kept ${filename}`
})

const multiInput = rain.cached({ name: 'multi_input', asyncTimeout, input: z.object({}) })(
  async (_, task) => {
    const [one, other] = await Promise.all([
      task.ask('first', form('First name?', { name: 'string' })),
      task.ask('second', form('Second name?', { name: 'string' })),
    ])
    return `${one.content?.name} and ${other.content?.name}`
  },
)

const greetLate = rain.cached({
  ...{ name: 'test_tool_with_task', asyncTimeout: 0 },
  input: z.object({ user: z.string() }),
})(async ({ user }) => `Hello, ${user}!`)

function form(message, fields) {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, { type }]))
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: { type: 'object', properties } },
  }
}

/** A tool that asks before there is a task, by what the SDK has for that, and calls the cached tool with the answer. */
function asksFirst(server) {
  return {
    registerTool: (name, config, handler) =>
      server.registerTool(name, { ...config, inputSchema: z.object({}) }, (_, context) => {
        const user = context.mcpReq.inputResponses?.user_name?.content?.name
        if (user !== undefined) return handler({ user }, context)
        const { params } = form('Who are you?', { name: 'string' })
        return inputRequired({ inputRequests: { user_name: inputRequired.elicit(params) } })
      }),
  }
}

function createServer() {
  const server = new McpServer({ name: 'conformance', version: '1' })
  server.registerTool('greet', { inputSchema: z.object({ name: z.string() }) }, ({ name }) => ({
    content: [{ type: 'text', text: `Hello, ${name}!` }],
  }))
  for (const wrapped of [slowCompute, failingJob, protocolErrorJob, confirmDelete, multiInput])
    registerCachedTool(server, wrapped.name, wrapped)
  registerCachedTool(asksFirst(server), greetLate.name, greetLate)
  attachTasks(server, rain, { requireTasks: ['failing_job', 'test_tool_with_task'] })
  return server
}

const handler = createMcpHandler(createServer)
serve({ fetch: (request) => handler.fetch(request), hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}/mcp` }))
})
