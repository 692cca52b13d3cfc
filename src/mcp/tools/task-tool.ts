import { z } from 'zod'
import type { ManyTasks } from '../../many/many-tasks.js'
import type { ToolRequest } from '../context.js'
import type { ToolConfig, ToolContext, ToolResult } from '../host.js'

/** A tool, before it is registered. */
export interface TaskTool<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly config: ToolConfig & { inputSchema: Input }
  /** May throw: the client is told. */
  answer(args: z.infer<Input>, call: TaskToolCall): ToolResult | Promise<ToolResult>
}

/** The schema of its input says what its arguments are. */
export function taskTool<Input extends z.ZodObject>(tool: TaskTool<Input>): TaskTool {
  return tool as unknown as TaskTool
}

interface TaskToolCall {
  readonly tasks: ManyTasks
  readonly scope: string
  readonly context: ToolContext
  readonly request: ToolRequest
}

/** The argument that names a task. Longer texts are no refs, and would be echoed by the error. */
export const ref = z.string().max(100).describe('The ref that a tool answered with (rc_…)')
