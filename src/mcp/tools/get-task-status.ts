import { z } from 'zod'
import type { ResponseFormat } from '../../index.js'
import { answerFields } from '../answer-fields.js'
import { nextStepFor } from '../next-steps.js'
import { responseFormat, taskFields } from '../result-fields.js'
import { fieldsResult } from '../results.js'
import { ref } from './arguments.js'
import type { TaskTool } from './task-tool.js'

export function getTaskStatus(): TaskTool<{ ref: string; responseFormat?: ResponseFormat }> {
  return {
    name: 'get_task_status',
    config: {
      title: 'Status of a task',
      description: 'How far a task is, at once. To get its result, call get_task_result, which waits for it.',
      inputSchema: z.object({ ref, responseFormat }),
      outputSchema: z.object(taskFields),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async answer({ ref, responseFormat: format = 'standard' }, { tasks }) {
      const { answer, retention } = await tasks.poll(ref, {})
      const nextStep = nextStepFor(answer)
      return fieldsResult({ ...answerFields(answer, { format, retention }), nextStep })
    },
  }
}
