import { z } from 'zod'
import { RaincheckError } from '../../core/words/errors.js'
import { given } from '../../core/words/given.js'
import { isLive } from '../../core/words/task-store.js'
import type { CompleteAnswer } from '../../index.js'
import { answerFields, answerResult } from '../answer-fields.js'
import type { ToolContext, ToolResult } from '../host.js'
import { PAGE_LENGTH, pageOf } from '../pages.js'
import { responseFormat, resultFields } from '../result-fields.js'
import { fieldsResult, isToolResult, notice, ownResult, textResult } from '../results.js'
import { saveValue } from '../save-value.js'
import { pageFields, textOf, type ValueText } from '../value-result.js'
import { ref, type TaskTool, taskTool } from './task-tool.js'

/** Clients give up at 60 s, by the default of both SDKs; agents that cannot wait ask again and again. */
export const LONGEST_WAIT_S = 50
const DEFAULT_WAIT_S = 25

/** Pages shorter than this cost more calls than they save. */
const SHORTEST_PAGE = 100

const inputFor = ({ longest, usual }: Waits) =>
  z.object({
    ref,
    waitSeconds: z
      .number()
      .min(0)
      .max(longest)
      .optional()
      .describe(`How long to wait for the result, in seconds (default ${usual})`),
    offset: z.number().int().min(0).optional().describe('Where the page begins, in characters (default 0)'),
    limit: z
      .number()
      .int()
      .min(SHORTEST_PAGE)
      .max(PAGE_LENGTH)
      .optional()
      .describe(`Characters of a page (default ${PAGE_LENGTH})`),
    responseFormat,
    saveTo: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe('Path of a new file for the whole result; an existing file is not written over'),
  })

/** In seconds. */
interface Waits {
  longest: number
  usual: number
}

interface Options {
  /** How long it waits, unless a call says less, in seconds. Undefined: 25, and up to 50 where a call says so. */
  waitSeconds: number | undefined
  /** Checks a path that a client asks a result to be saved to. @returns The absolute path of the file. */
  saveTo: ((path: string, context: ToolContext) => string | Promise<string>) | undefined
  untrusted: boolean
  text: ValueText | undefined
}

export function getTaskResult({ saveTo, waitSeconds, ...how }: Options): TaskTool {
  const waits = { longest: waitSeconds ?? LONGEST_WAIT_S, usual: waitSeconds ?? DEFAULT_WAIT_S }
  const input = inputFor(waits)
  return taskTool({
    name: 'get_task_result',
    config: {
      title: 'Result of a task',
      description:
        `The result of a task, as soon as it exists: waits up to waitSeconds for it. Long results come in pages of ${PAGE_LENGTH} ` +
        `characters: call again with nextOffset as offset.${saveTo ? ' saveTo writes the whole result to a file instead.' : ''}`,
      inputSchema: saveTo ? input : (input.omit({ saveTo: true }) as unknown as typeof input),
      outputSchema: z.object({ ...resultFields, ...valueFields }),
      annotations: { readOnlyHint: !saveTo, destructiveHint: false, openWorldHint: false },
    },
    async answer(args, { tasks, context, request: { signal } }) {
      const { ref, waitSeconds = waits.usual, responseFormat: format = 'standard' } = args
      const path = args.saveTo === undefined ? undefined : await saveTo?.(args.saveTo, context)
      const { answer, retention } = await tasks.poll(ref, { wait: waitSeconds * 1_000, ...given({ signal }) })
      const telling = { format, retention }
      if (isLive(answer)) return answerResult(answer, telling)
      if (answer.status !== 'complete') return { ...answerResult(answer, telling), isError: true }
      const fields = answerFields(answer, telling)
      if (path === undefined) return valueResult(answer, fields, args, how)
      const bytes = await saveValue(path, answer.value, how.text)
      const nextStep = 'The whole result is in the file savedTo.'
      return fieldsResult({ ...fields, savedTo: path, bytes, nextStep })
    },
  })
}

const valueFields = {
  value: z.unknown().optional().describe('The value, when it is short and no text'),
  savedTo: z.string().optional().describe('Where the whole result was saved'),
  bytes: z.number().optional().describe('Size of that file'),
}

function valueResult(
  { value }: CompleteAnswer<unknown>,
  fields: Record<string, unknown>,
  { offset = 0, limit = PAGE_LENGTH }: z.infer<ReturnType<typeof inputFor>>,
  { untrusted, text: read }: Pick<Options, 'untrusted' | 'text'>,
): ToolResult {
  if (isToolResult(value)) {
    const own = given({ value: value.structuredContent })
    const structuredContent = { ...notice(untrusted), ...fields, ...own }
    return { ...ownResult(value, untrusted), structuredContent }
  }
  const text = textOf(value, read)
  if (offset > text.length)
    throw new RaincheckError(
      'INVALID_INPUT',
      `offset must be at most ${text.length}, the length of the result, got ${offset}`,
    )
  const isText = typeof value === 'string' || read?.(value) !== undefined
  if (offset === 0 && text.length <= limit && !isText)
    return textResult(text, fields, untrusted, { ...fields, value: JSON.parse(text) as unknown })
  const page = pageOf(text, offset, limit)
  const about = { ...fields, ...pageFields(page) }
  return textResult(page.text, about, untrusted, { ...about, pageText: page.text })
}
