/** The identifier of the Tasks extension of MCP (SEP-2663). */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks'

/** Under this key each request of the 2026-07-28 protocol says what its client can do. */
const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'

/** What a client says on a request that it can do. */
export interface ClientCapabilities {
  extensions?: Record<string, unknown>
  elicitation?: { form?: object; url?: object }
  sampling?: object
  roots?: object
}

/** @param meta The `_meta` of a request, or what the SDK has taken out of it; requests of older protocols have none. */
export function clientCapabilities(meta: unknown): ClientCapabilities {
  return Object(Object(meta)[CLIENT_CAPABILITIES])
}

/** Whether the client takes task handles as answers to this request. @param meta As above. */
export function declaresTasks(meta: unknown): boolean {
  return Object.hasOwn(Object(clientCapabilities(meta).extensions), TASKS_EXTENSION)
}
