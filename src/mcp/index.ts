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
