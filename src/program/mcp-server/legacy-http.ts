import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type HttpServing, MOST_BODY_BYTES } from './http-serving.js'
import { createLegacyServer } from './legacy-server.js'
import type { Service } from './open-service.js'
import type { ToolList } from './tool-list.js'

/** Serves clients that begin with a handshake: each request by a server and a transport of its own. */
export function serveRequests(service: Service, tools: ToolList): HttpServing {
  return {
    async fetch(request, options) {
      const transport = new WebStandardStreamableHTTPServerTransport({ maxRequestBodySize: MOST_BODY_BYTES })
      // A client that leaves is not waited for any more.
      request.signal.addEventListener('abort', () => void transport.close(), { once: true })
      await createLegacyServer(service, tools).connect(transport as Transport)
      return transport.handleRequest(request, options)
    },
    close: async () => {},
  }
}
