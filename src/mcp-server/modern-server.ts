import { McpServer } from '@modelcontextprotocol/server'
import { markdownOf } from '../bundled/markdown-of.js'
import type { TaskSource } from '../mcp/index.js'
import { attachTasks, type TasksOptions } from '../mcp/tasks/index.js'
import { introduction } from './introduction.js'
import type { Service } from './open-service.js'
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

export function taskSources({ bundled, config }: Service): TaskSource[] {
  return config === undefined ? [bundled] : [bundled, config.rain]
}

/** As its tools tell of them. */
export function tasksOptions({ scope }: Service): TasksOptions {
  return { scope, untrusted: true, text: markdownOf }
}
