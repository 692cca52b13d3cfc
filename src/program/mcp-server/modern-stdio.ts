import type { Readable, Writable } from 'node:stream'
import { PassThrough } from 'node:stream'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { notifyingTransport } from '../../mcp/tasks/index.js'
import { createModernServer } from './modern-server.js'
import type { Connection } from './open-requests.js'
import type { Service } from './open-service.js'
import { taskSources, tasksOptions } from './task-sources.js'
import type { ToolList } from './tool-list.js'

/** Serves a client of the protocol of 2026-07-28. */
export async function connectStdio(
  service: Service,
  tools: ToolList,
  { input, output }: { input: Readable; output: Writable },
): Promise<Connection> {
  // At the end of its input the transport would drop the requests that are not answered yet.
  const endless = input.pipe(new PassThrough(), { end: false })
  const transport = new StdioServerTransport(endless, output)
  const handle = serveStdio(() => createModernServer(service, tools), {
    transport: notifyingTransport(transport, taskSources(service), tasksOptions(service)),
    legacy: 'reject',
  })
  return { transport, close: () => handle.close() }
}
