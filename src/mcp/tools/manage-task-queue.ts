import { z } from 'zod'
import type { TaskSource } from '../host.js'
import { failureFields } from '../result-fields.js'
import { fieldsResult } from '../results.js'
import type { TaskTool } from './task-tool.js'

export function manageTaskQueue(
  rains: readonly TaskSource[],
): TaskTool<{ action: 'stats' | 'pause' | 'resume' }> {
  return {
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
      if (action !== 'stats') for (const { queue } of rains) queue?.[action]()
      return fieldsResult(stats(rains))
    },
  }
}

function stats(rains: readonly TaskSource[]) {
  const all = rains.flatMap(({ queue }) => queue?.stats() ?? [])
  const sum = (of: 'waiting' | 'running' | 'abandoned') => all.reduce((total, one) => total + one[of], 0)
  return {
    ...{ waiting: sum('waiting'), running: sum('running'), abandoned: sum('abandoned') },
    // Where there is no queue nothing is held up.
    paused: all.length > 0 && all.every(({ paused }) => paused),
  }
}
