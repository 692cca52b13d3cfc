import { z } from 'zod'
import { formatAnswer } from '../../core/refs/format-answer.js'
import { given } from '../../core/words/given.js'
import type { TaskSummary } from '../../index.js'
import { timeText } from '../answer-fields.js'
import { failureFields, taskStatus } from '../result-fields.js'
import { fieldsResult } from '../results.js'
import { taskTool } from './task-tool.js'

const DEFAULT_LIMIT = 20
const HIGHEST_LIMIT = 100

const row = z.object({
  ref: z.string(),
  status: taskStatus,
  name: z.string(),
  title: z.string(),
  taskMetadata: z.unknown().optional().describe('What the caller that began the task said about it'),
  createdAt: z.string(),
  percentage: z.number().optional(),
  error: z.string().optional(),
})

export const listTasks = taskTool({
  name: 'list_tasks',
  config: {
    title: 'List tasks',
    description: 'Your tasks, newest first: finds a ref that was lost. Results are with get_task_result.',
    inputSchema: z.object({
      status: taskStatus.optional().describe('Only tasks of this status'),
      name: z.string().max(200).optional().describe('Only tasks of the function of this name'),
      limit: z
        .number()
        .int()
        .min(1)
        .max(HIGHEST_LIMIT)
        .optional()
        .describe(`How many (default ${DEFAULT_LIMIT})`),
      cursor: z.string().max(100).optional().describe('Where to go on, from the list before'),
    }),
    outputSchema: z.object({
      ...failureFields,
      tasks: z.array(row).optional(),
      cursor: z.string().optional(),
    }),
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  async answer(args, { tasks }) {
    const { tasks: found, cursor } = await tasks.list({ limit: DEFAULT_LIMIT, ...given(args) })
    const nextStep = cursor ? 'There are more: call list_tasks with this cursor.' : undefined
    return fieldsResult({ tasks: found.map(rowOf), ...(cursor ? { cursor, nextStep } : {}) })
  },
})

function rowOf(task: TaskSummary): z.infer<typeof row> {
  const { ref, status, name, title, metadata, createdAt } = task
  const { progress, error } = formatAnswer(task, 'standard')
  return {
    ...{ ref, status, name, title, createdAt: timeText(createdAt) },
    ...given({ taskMetadata: metadata, percentage: progress?.percentage, error: error?.message }),
  }
}
