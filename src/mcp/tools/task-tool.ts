import type { AllTasks } from '../all-tasks.js'
import type { ToolRequest } from '../context.js'
import type { ToolConfig, ToolContext, ToolResult } from '../host.js'

/** A tool, before it is registered. */
export interface TaskTool<Args = never> {
  readonly name: string
  readonly config: ToolConfig
  /** May throw: the client is told. */
  answer(args: Args, call: TaskToolCall): ToolResult | Promise<ToolResult>
}

export interface TaskToolCall {
  readonly tasks: AllTasks
  readonly scope: string
  readonly context: ToolContext
  readonly request: ToolRequest
}
