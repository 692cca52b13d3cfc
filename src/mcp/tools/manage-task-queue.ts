import { z } from 'zod'
import type { TaskSource } from '../../many/many-tasks.js'
import { queueStats } from '../../many/queue-stats.js'
import { failureFields } from '../result-fields.js'
import { fieldsResult } from '../results.js'
import { type TaskTool, taskTool } from './task-tool.js'

export function manageTaskQueue(rains: readonly TaskSource[]): TaskTool {
  const queues = rains.flatMap(({ queue }) => queue ?? [])
  return taskTool({
    name: 'manage_task_queue',
    config: {
      title: 'Manage the queue',
      description:
        'For operators: what waits and runs in this server (stats); start no more tasks (pause), or start them again (resume).',
      inputSchema: z.object({ action: z.enum(['stats', 'pause', 'resume']) }),
      outputSchema: z.object({
        ...failureFields,
        waiting: z.number().optional().describe('Tasks that wait for a slot'),
        running: z.number().optional(),
        abandoned: z.number().optional().describe('Functions that go on although their task has ended'),
        paused: z.boolean().optional(),
      }),
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
    },
    answer({ action }) {
      if (action !== 'stats') for (const queue of queues) queue[action]()
      return fieldsResult({ ...queueStats(queues) })
    },
  })
}
