export { type AttachTasksOptions, attachTasks, type TaskHost } from './attach-tasks.js'
export type { TasksOptions } from './tasks-options.js'
