/**
 * Wrapped functions as tools of any MCP server. Begin with `registerCachedTool` and `registerTaskTools`.
 * @module raincheck/mcp
 */
export type { TaskSource } from '../many/many-tasks.js'
export { type CachedToolOptions, registerCachedTool } from './cached-tool.js'
export type {
  ToolAnnotations,
  ToolConfig,
  ToolContext,
  ToolHandler,
  ToolHost,
  ToolResult,
  WrappedFunction,
} from './host.js'
export { registerTaskTools, type TaskToolsOptions } from './task-tools.js'
