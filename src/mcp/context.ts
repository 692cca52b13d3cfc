import { wrongOption } from '../core/words/check-option.js'
import type { ToolContext } from './host.js'
import { declaresTasks } from './tasks-extension.js'

/** What this library uses of a handler's context, the same for both SDKs. */
export interface ToolRequest {
  /** Aborted when the client cancels its request, or leaves. */
  readonly signal: AbortSignal | undefined
  /** By which the client asks for notifications of progress. */
  readonly progressToken: string | number | undefined
  notify(notification: Notification): Promise<void> | undefined
}

interface Notification {
  method: 'notifications/progress'
  params: { progressToken: string | number; progress: number; total?: number; message?: string }
}

/** v1 and v2 say the same in different places. */
export function readContext(context: ToolContext): ToolRequest {
  const given = Object(context) as V1Context & { mcpReq?: V2Request }
  const { mcpReq } = given
  return {
    signal: (mcpReq ?? given).signal,
    progressToken: (mcpReq ?? given)._meta?.progressToken,
    notify: (notification) =>
      mcpReq ? mcpReq.notify?.(notification) : given.sendNotification?.(notification),
  }
}

/**
 * Tells whose call it is, by the handler's context.
 * @inline
 */
export type ScopeOf = (context: ToolContext) => string

/** The scope by an author's option. What is no text is refused: taken for "no scope", it would open everybody's tasks. */
export function scopeOf(scope: ScopeOf | undefined, context: ToolContext): string {
  const id: unknown = scope ? scope(context) : ''
  if (typeof id === 'string') return id
  throw wrongOption(`scope must return a text for each call, got ${id === null ? 'null' : typeof id}`)
}

/** Whether the client takes a task as the answer to this request (the Tasks extension of MCP). */
export function takesTasks(context: ToolContext): boolean {
  return declaresTasks((context as { mcpReq?: V2Request }).mcpReq?.envelope)
}

interface Requested {
  signal?: AbortSignal
  _meta?: { progressToken?: string | number }
}

interface V1Context extends Requested {
  sendNotification?(notification: Notification): Promise<void>
}

interface V2Request extends Requested {
  /** What the SDK has taken out of `_meta`. */
  envelope?: object
  notify?(notification: Notification): Promise<void>
}
