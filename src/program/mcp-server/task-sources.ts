import type { TaskSource } from '../../mcp/index.js'
import type { TasksOptions } from '../../mcp/tasks/index.js'
import { markdownOf } from '../documents/markdown-of.js'
import type { Service } from './open-service.js'

/** Where the tasks of this server are. */
export function taskSources({ bundled, config }: Service): TaskSource[] {
  return config === undefined ? [bundled] : [bundled, config.rain]
}

/** Whose they are, and how their values are told: the same by tools and by task handles. */
export function tasksOptions({ scope }: Service): TasksOptions {
  return { scope, untrusted: true, text: markdownOf }
}
