import { z } from 'zod'
import { given } from '../../core/words/given.js'
import { answerResult } from '../answer-fields.js'
import type { WrappedFunction } from '../host.js'
import { jsonOf } from '../published-schemas.js'
import { taskFields } from '../result-fields.js'
import { type TaskTool, taskTool } from './task-tool.js'

/** A client may ask for no more: each attempt costs, and the waits between them double. */
const MOST_RETRIES = 10
const HIGHEST_PRIORITY = 100

export function startTask(functions: readonly WrappedFunction[]): TaskTool {
  const byName = new Map(functions.map((wrapped) => [wrapped.name, wrapped]))
  const names = [...byName.keys()]
  return taskTool({
    name: 'start_task',
    config: {
      title: 'Start a task',
      description:
        `Starts one of ${names.join(', ')} in the background, and answers at once with a ref. Its result is with ` +
        'get_task_result. Equal input joins the task that is under way.',
      inputSchema: z.object({
        function: z.enum(names).describe('Which function to start'),
        input: z.unknown().meta(inputOf(functions)).optional(),
        ...numbers,
      }),
      outputSchema: z.object(taskFields),
      annotations: { readOnlyHint: false, destructiveHint: false },
    },
    async answer({ function: name, input, ...options }, { scope, request: { signal } }) {
      const wrapped = byName.get(name) as WrappedFunction
      const waiting = { scope, asyncTimeout: 0, ...given({ signal }) }
      const answer = await wrapped(input as never, { ...given(options), ...waiting })
      return answerResult(answer, { retention: wrapped.options.retention })
    },
  })
}

const numbers = {
  priority: z
    .number()
    .min(-HIGHEST_PRIORITY)
    .max(HIGHEST_PRIORITY)
    .optional()
    .describe('Among waiting tasks, higher first (default 0)'),
  retries: z.number().int().min(0).max(MOST_RETRIES).optional().describe('More attempts when it fails'),
}

/** Each function parses its input itself; what is published tells clients what to send. */
function inputOf(functions: readonly WrappedFunction[]): Record<string, unknown> {
  const forms = functions.map(({ name, options }) => ({
    title: `input of ${name}`,
    ...withoutHeaders(selfContained(options.input && jsonOf(options.input, 'input'))),
  }))
  return forms.length === 1 ? { ...forms[0] } : { anyOf: forms }
}

/** Pointers to definitions would lead nowhere from inside of another schema. */
function selfContained(json: object | undefined): object {
  return json && !JSON.stringify(json).includes('"$ref"') ? json : {}
}

/** Clients refuse a tool whose arguments go into HTTP headers (`x-mcp-header`) from anywhere but its first level. */
function withoutHeaders(json: object): object {
  return JSON.parse(JSON.stringify(json, (key, value) => (key === 'x-mcp-header' ? undefined : value)))
}
