import { McpServer } from '@modelcontextprotocol/server'
import { attachTasks } from '../../mcp/tasks/index.js'
import { introduction } from './introduction.js'
import type { Service } from './open-service.js'
import { taskSources, tasksOptions } from './task-sources.js'
import type { ToolList } from './tool-list.js'

/** A server of the protocol of 2026-07-28, for one connection or one request. */
export function createModernServer(service: Service, tools: ToolList): McpServer {
  const { info, options } = introduction(service)
  // The list of tools never changes.
  const server = new McpServer(info, { ...options, capabilities: { tools: { listChanged: false } } })
  tools.giveTo(server)
  attachTasks(server, taskSources(service), tasksOptions(service))
  return server
}
