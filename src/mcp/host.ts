// What is used of the two SDKs, described structurally, so that neither need be installed for the other.
import type { z } from 'zod'
import type { Cached, CallAnswer, CallOptions } from '../index.js'

/**
 * An MCP server that tools are registered on: the `McpServer` of `@modelcontextprotocol/sdk` or of
 * `@modelcontextprotocol/server`, or an object of one's own that changes configurations, arguments or results on the way.
 */
export interface ToolHost {
  /** What it returns is left alone. */
  registerTool(name: string, config: ToolConfig, handler: ToolHandler): unknown
}

/** What a tool is registered with. */
export interface ToolConfig {
  /** A name for people. */
  title?: string
  /** For the model: what the tool does, and how its answers come. */
  description?: string
  /** Of a cached tool it is published as the function has it, and lets everything through: the function parses. */
  inputSchema: z.ZodObject
  /** Of a cached tool it is given where the value is an object, whose fields are then optional: a ref comes without them. */
  outputSchema?: z.ZodObject
  /** Empty where nothing is known. */
  annotations: ToolAnnotations
}

/** Hints for clients; none of them is a promise. */
export interface ToolAnnotations {
  /** It changes nothing. */
  readOnlyHint?: boolean
  /** It may undo or remove something. */
  destructiveHint?: boolean
  /** The same call again changes nothing more. */
  idempotentHint?: boolean
  /** It deals with the world outside, such as the web. */
  openWorldHint?: boolean
}

/**
 * Answers a call of a tool.
 * @param args What the client sent, as far as the tool's input schema lets it through.
 */
export type ToolHandler = (args: Record<string, unknown>, context: ToolContext) => Promise<ToolResult>

/** What a handler gets beside the arguments, as the SDK made it. Of v1 and of v2 it is told apart by `mcpReq`. */
export interface ToolContext {
  /** Of transports that have sessions. */
  readonly sessionId?: string | undefined
  /** Of v1: who the request's token belongs to. */
  readonly authInfo?: AuthInfo | undefined
  /** Of v2, over HTTP. */
  readonly http?: { readonly authInfo?: AuthInfo | undefined } | undefined
}

interface AuthInfo {
  readonly token: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly extra?: Readonly<Record<string, unknown>> | undefined
}

/** What a tool answers, as the protocol has it. */
export interface ToolResult {
  [other: string]: unknown
  /** Parts in the order they are read. Of the values that functions return some have parts of other types, which are passed on. */
  content: { type: 'text'; text: string }[]
  /** The same for programs. */
  structuredContent?: Record<string, unknown>
  /** The tool failed, and `content` says why and what to do. */
  isError?: boolean
}

/** What `rain.cached(…)(fn)` gives, whatever its types. */
export interface WrappedFunction {
  (input: never, options?: CallOptions): Promise<CallAnswer<unknown>>
  /** What `start_task` calls it by. */
  readonly name: string
  /** `asyncTimeout` and `retention` are milliseconds. */
  readonly options: Pick<
    Cached<unknown, unknown>['options'],
    'asyncTimeout' | 'input' | 'output' | 'retention'
  >
}
