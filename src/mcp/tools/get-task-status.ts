import { z } from 'zod'
import { answerResult } from '../answer-fields.js'
import { responseFormat, taskFields } from '../result-fields.js'
import { ref, taskTool } from './task-tool.js'

export const getTaskStatus = taskTool({
  name: 'get_task_status',
  config: {
    title: 'Status of a task',
    description: 'How far a task is, at once. To get its result, call get_task_result, which waits for it.',
    inputSchema: z.object({ ref, responseFormat }),
    outputSchema: z.object(taskFields),
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  async answer({ ref, responseFormat: format = 'standard' }, { tasks }) {
    const { answer, retention } = await tasks.poll(ref)
    return answerResult(answer, { format, retention })
  },
})
