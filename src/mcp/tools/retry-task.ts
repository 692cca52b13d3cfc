import { z } from 'zod'
import { answerResult } from '../answer-fields.js'
import { taskFields } from '../result-fields.js'
import { ref, taskTool } from './task-tool.js'

export const retryTask = taskTool({
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
    return answerResult(answer, { retention })
  },
})
