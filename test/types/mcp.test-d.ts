import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { McpHttpHandler, McpServer as McpServerV2 } from '@modelcontextprotocol/server'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { expectTypeOf } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import { registerCachedTool, registerTaskTools, type ToolHost } from '../../src/mcp/index.js'
import {
  attachTasks,
  type HttpHandler,
  notifyingHandler,
  notifyingTransport,
  type TaskHost,
} from '../../src/mcp/tasks/index.js'

const info = { name: 'types', version: '1' }
const rain = createRaincheck()
const square = rain.cached({ name: 'square', asyncTimeout: '5s', input: z.object({ n: z.number() }) })(
  async ({ n }) => n * n,
)

// Both servers are hosts as they are, and so is one of an author's own.
expectTypeOf<McpServerV1>().toExtend<ToolHost>()
expectTypeOf<McpServerV2>().toExtend<ToolHost>()
const own: ToolHost = {
  registerTool: (name, config, handler) =>
    new McpServerV1(info).registerTool(name, config, async (args, extra) => handler({ ...args }, extra)),
}

// A wrapped function is taken as it is, whatever its types.
registerCachedTool(own, 'square', square, {
  scope: ({ authInfo, http }) => (authInfo ?? http?.authInfo)?.clientId ?? '',
})
registerTaskTools(own, rain, { functions: [square] })
registerTaskTools(own, [rain, rain])

// @ts-expect-error a function that is not wrapped is none
registerCachedTool(own, 'square', async () => 1)

// Tasks are attached to servers of the later SDK, and what is wrapped stays what it was.
expectTypeOf<McpServerV2>().toExtend<TaskHost>()
expectTypeOf<McpHttpHandler>().toExtend<HttpHandler>()
declare const server: McpServerV2
declare const handler: McpHttpHandler
attachTasks(server, [rain, rain], { requireTasks: ['square'] })
expectTypeOf(notifyingHandler(handler, rain)).toEqualTypeOf<McpHttpHandler>()
expectTypeOf(notifyingTransport(new StdioServerTransport(), rain)).toEqualTypeOf<StdioServerTransport>()
