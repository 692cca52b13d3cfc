import { z } from 'zod'
import { answerFields } from '../answer-fields.js'
import { nextStepFor } from '../next-steps.js'
import { taskFields } from '../result-fields.js'
import { fieldsResult } from '../results.js'
import { ref } from './arguments.js'
import type { TaskTool } from './task-tool.js'

export function retryTask(): TaskTool<{ ref: string }> {
  return {
    name: 'retry_task',
    config: {
      title: 'Retry a task',
      description:
        'Starts the work of a failed or cancelled task again, with the same input. Answers with a new ref.',
      inputSchema: z.object({ ref }),
      outputSchema: z.object(taskFields),
      annotations: { readOnlyHint: false, destructiveHint: false },
    },
    async answer({ ref }, { tasks }) {
      const { answer, retention } = await tasks.retry(ref)
      const fields = answerFields(answer, { format: 'standard', retention })
      return fieldsResult({ ...fields, nextStep: nextStepFor(answer) })
    },
  }
}
