import { z } from 'zod'
import { statuses } from '../core/words/answer.js'

// What results say beside a value, or in its place. Every field is optional: a result has those that apply.

/** What a tool says of its own failure; clients check that, too, against the output schema. */
export const failureFields = {
  error: z
    .object({
      name: z.string(),
      message: z.string(),
      code: z.string().optional(),
      attempts: z.array(z.unknown()).optional(),
    })
    .optional(),
  retryable: z.boolean().optional().describe('Whether the same call may succeed when it is made again'),
  nextStep: z.string().optional().describe('What to do next'),
}

export const taskStatus = z.enum(statuses)

/** What is told of a task. */
export const taskFields = {
  ...failureFields,
  status: taskStatus.optional().describe('pending and processing: no result exists yet'),
  ref: z.string().optional().describe('The reference of the task, which the task tools take'),
  requests: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What the task waits to be answered, by keys: answer_task takes the answers'),
  progress: z
    .object({
      current: z.number().optional(),
      total: z.number().optional(),
      percentage: z.number().optional(),
      message: z.string().optional(),
      step: z.string().optional(),
      etaMs: z.number().optional().describe('Milliseconds to the end at the pace so far'),
      details: z.unknown().optional(),
    })
    .optional(),
  pollAfterMs: z.number().optional().describe('Milliseconds after which asking again is worth its cost'),
  expiresAt: z.string().optional().describe('The ref can be redeemed until then, or longer'),
  taskMetadata: z.unknown().optional().describe('What the caller that began the task said about it'),
  stale: z.boolean().optional().describe('An older value, while a new one is made'),
  taskDetails: z
    .object({
      name: z.string(),
      title: z.string(),
      createdAt: z.string(),
      startedAt: z.string().optional(),
      settledAt: z.string().optional(),
      valueSchema: z.unknown().optional(),
    })
    .optional(),
}

/** What is told of a task and its value. */
export const resultFields = {
  ...taskFields,
  pageText: z.string().optional().describe('The value as text; a page of it when it is long'),
  nextOffset: z.number().optional().describe('The offset of the next page; absent on the last'),
  total: z.number().optional().describe('Characters of the whole text'),
  notice: z.string().optional().describe('What to bear in mind when reading the value'),
}

/** The argument by which a client chooses how much it is told. */
export const responseFormat = z
  .enum(['minimal', 'standard', 'full'])
  .optional()
  .describe('How much is told: minimal, standard (default) or full, with details of the task')
