import { createMcpHandler } from '@modelcontextprotocol/server'
import { notifyingHandler } from '../../mcp/tasks/index.js'
import { type HttpServing, MOST_BODY_BYTES } from './http-serving.js'
import { createModernServer } from './modern-server.js'
import type { Service } from './open-service.js'
import { taskSources, tasksOptions } from './task-sources.js'
import type { ToolList } from './tool-list.js'

/** Serves clients of the protocol of 2026-07-28. */
export function serveRequests(service: Service, tools: ToolList): HttpServing {
  const handler = createMcpHandler(() => createModernServer(service, tools), {
    legacy: 'reject',
    maxRequestBodySize: MOST_BODY_BYTES,
  })
  return notifyingHandler(handler, taskSources(service), tasksOptions(service))
}
