import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { introduction } from './introduction.js'
import type { Service } from './open-service.js'
import type { ToolList } from './tool-list.js'

/** A server for one connection of a client that begins with a handshake. */
export function createLegacyServer(service: Service, tools: ToolList): McpServer {
  const { info, options } = introduction(service)
  const server = new McpServer(info, options)
  tools.giveTo(server)
  return server
}
