import { z } from 'zod'
import type { CancelResult } from '../../index.js'
import { failureFields } from '../result-fields.js'
import { fieldsResult } from '../results.js'
import { ref, taskTool } from './task-tool.js'

export const cancelTask = taskTool({
  name: 'cancel_task',
  config: {
    title: 'Cancel a task',
    description: 'Ends a task whose result is not wanted any more.',
    inputSchema: z.object({ ref }),
    outputSchema: z.object({
      ...failureFields,
      ref: z.string().optional(),
      result: z.enum(['cancelled', 'requested', 'already-settled']).optional(),
    }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  },
  async answer({ ref }, { tasks }) {
    const result = await tasks.cancel(ref)
    return fieldsResult({ ref, result, nextStep: nextSteps[result] })
  },
})

const nextSteps: Record<CancelResult, string> = {
  cancelled: 'The task has ended; there will be no result.',
  requested: 'The work was told to stop and may go on for a moment; there will be no result.',
  'already-settled':
    'There was nothing to cancel. Call get_task_result with this ref to see what it came to.',
}
