/**
 * The Tasks extension of MCP, for tools that `raincheck/mcp` made. Begin with `attachTasks`.
 * @module raincheck/mcp/tasks
 */
export { type AttachTasksOptions, attachTasks, type TaskHost } from './attach-tasks.js'
export { type HttpHandler, notifyingHandler } from './notifying-handler.js'
export { notifyingTransport } from './notifying-transport.js'
export type { TasksOptions } from './tasks-options.js'
