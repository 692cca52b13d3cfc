/**
 * Wrapped functions as tools of any MCP server. Begin with `registerCachedTool` and `registerTaskTools`.
 * @module raincheck/mcp
 */
export { type CachedToolOptions, registerCachedTool } from './cached-tool.js'
export type {
  TaskSource,
  ToolAnnotations,
  ToolConfig,
  ToolContext,
  ToolHandler,
  ToolHost,
  ToolResult,
  WrappedFunction,
} from './host.js'
export { registerTaskTools, type TaskToolsOptions } from './task-tools.js'
