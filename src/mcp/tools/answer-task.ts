import { z } from 'zod'
import { answerResult } from '../answer-fields.js'
import { answerInWords } from '../input-requests.js'
import { taskFields } from '../result-fields.js'
import { ref, taskTool } from './task-tool.js'

export const answerTask = taskTool({
  name: 'answer_task',
  config: {
    title: 'Answer a task',
    description:
      'Answers what a task has asked (its requests); once all is answered it goes on. Not all need be answered at once.',
    inputSchema: z.object({
      ref,
      answers: z
        .record(z.string(), z.unknown())
        .describe(
          'JSON values by the keys of the requests; of a request with a requestedSchema an object of its fields',
        ),
    }),
    outputSchema: z.object(taskFields),
    annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  },
  async answer({ ref, answers }, { tasks }) {
    const { answer: asked } = await tasks.poll(ref)
    const requests = 'requests' in asked && asked.requests ? asked.requests : {}
    const given = Object.entries(answers).map(([key, value]) => [key, answerInWords(requests[key], value)])
    const { answer, retention } = await tasks.answer(ref, Object.fromEntries(given))
    return answerResult(answer, { retention })
  },
})
