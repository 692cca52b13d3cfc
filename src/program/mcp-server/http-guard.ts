import {
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  originValidationResponse,
} from '@modelcontextprotocol/server'
import { isLoopback } from './loopback.js'

/**
 * Refuses what a web page may send that has a name of its own lead to this machine (DNS rebinding).
 * @param host What the server listens on. On a loopback address the request must name one. Any other can have names that
 *   nobody here knows, and each request shows a token, which such a page does not have; its origin must be the server's.
 * @returns The refusal; undefined when the request may go on.
 */
export function refuseRebinding(request: Request, host: string): Response | undefined {
  const local = isLoopback(host) ? [...localhostAllowedHostnames(), host] : undefined
  const named = local ?? [hostnameOf(request)]
  return hostHeaderValidationResponse(request, named) ?? originValidationResponse(request, named)
}

function hostnameOf(request: Request): string {
  const host = request.headers.get('host') ?? ''
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
}
