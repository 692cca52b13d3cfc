import { parseDuration } from '../core/words/duration.js'
import type { CallAnswer, CallOptions, Duration, ResponseFormat } from '../index.js'
import { answerFields } from './answer-fields.js'
import { readContext, takesTasks } from './context.js'
import { failureResult } from './failure.js'
import type { ToolAnnotations, ToolContext, ToolHost, ToolResult, WrappedFunction } from './host.js'
import { ASKED, nextStepFor } from './next-steps.js'
import { checkOptions, wrong } from './options.js'
import { notifierFor } from './progress-notifier.js'
import { publishedInput, publishedOutput } from './published-schemas.js'
import { fieldsResult } from './results.js'
import { checkedScope, type ScopeOf } from './scope.js'
import { quickResult, type ValueText } from './value-result.js'
import { withHandle } from './wire-task.js'

/** Options of `registerCachedTool`. */
export interface CachedToolOptions {
  /** A name for people. @default none */
  title?: string
  /** What the tool does; how its answers come is added. @default that alone */
  description?: string
  /** Sent to clients as they are. @default none */
  annotations?: ToolAnnotations
  /**
   * How long a call waits before it answers with a ref; not `Infinity`: clients give up at 60 s, some at 30 s or 5 s. With 0
   * every answer is a ref, also that of a call whose value exists already.
   * @default that of the function
   */
  asyncTimeout?: Duration
  /** Whose call it is: refs, lists and cached values of one scope are unknown in every other. @default '' for all */
  scope?: ScopeOf
  /** Whether values come from outside, such as documents: a notice then says that they are no instructions. @default false */
  untrusted?: boolean
  /** How a value reads, in pages, too; undefined for one that reads as JSON. @default texts as they are, all else as JSON */
  text?: ValueText
}

/**
 * Makes a tool of a wrapped function. A quick call answers with the value, a slow one with a ref, which the task tools
 * redeem (`registerTaskTools`).
 * @param wrapped Has an object schema as `input`; one as `output` is published, with the fields of a status beside its own.
 * @param server As for `registerTaskTools`.
 * @param name Of the tool, as clients call it.
 * @throws RaincheckError `INVALID_OPTION` naming the option, or the field that the tool has itself. Errors of calls are results.
 */
export function registerCachedTool(
  server: ToolHost,
  name: string,
  wrapped: WrappedFunction,
  options: CachedToolOptions = {},
): void {
  checkOptions(`tool '${name}'`, options, optionTypes)
  const { title, annotations = {} } = options
  const asyncTimeout = resolveWindow(name, options.asyncTimeout ?? wrapped.options.asyncTimeout)
  const inputSchema = publishedInput(name, wrapped)
  const outputSchema = publishedOutput(name, wrapped)
  const description = describe(options.description, asyncTimeout)
  const tool: CachedTool = {
    ...{ name, wrapped, asyncTimeout },
    scope: checkedScope(options.scope),
    untrusted: options.untrusted ?? false,
    text: options.text,
    isPublished: outputSchema !== undefined,
  }
  const config = { description, inputSchema, annotations, ...(title ? { title } : {}) }
  server.registerTool(name, { ...config, ...(outputSchema ? { outputSchema } : {}) }, (args, context) =>
    callTool(tool, args, context),
  )
}

interface CachedTool {
  readonly name: string
  readonly wrapped: WrappedFunction
  readonly asyncTimeout: number
  readonly scope: ScopeOf
  readonly untrusted: boolean
  readonly text: ValueText | undefined
  /** Whether the fields of the value are in the output schema. */
  readonly isPublished: boolean
}

const optionTypes = {
  ...{ title: 'string', description: 'string', annotations: 'object' },
  ...{ asyncTimeout: 'any', scope: 'function', untrusted: 'boolean', text: 'function' },
}

async function callTool(
  tool: CachedTool,
  { responseFormat = 'standard', ...input }: Record<string, unknown>,
  context: ToolContext,
): Promise<ToolResult> {
  const request = readContext(context)
  const notifier = notifierFor(request)
  try {
    const options: CallOptions = { scope: tool.scope(context), asyncTimeout: tool.asyncTimeout }
    if (request.signal) options.signal = request.signal
    if (notifier) options.onProgress = notifier.onProgress
    const answer = await tool.wrapped(input as never, options)
    const result = answerResult(tool, answer, responseFormat as ResponseFormat)
    const isHandedOff = answer.status !== 'complete' && takesTasks(context)
    return isHandedOff ? withHandle(result, answer, tool.wrapped.options.retention) : result
  } catch (error) {
    return failureResult(error)
  } finally {
    notifier?.stop()
  }
}

function answerResult(tool: CachedTool, answer: CallAnswer<unknown>, format: ResponseFormat): ToolResult {
  const { retention, output } = tool.wrapped.options
  const telling = { format, retention, output }
  if (answer.status === 'complete' && tool.asyncTimeout > 0) return quickResult(answer, telling, tool)
  if (answer.status === 'complete')
    return fieldsResult({ ...answerFields(answer, telling), nextStep: nextStepFor(answer) })
  const wait =
    'No result exists yet. Call get_task_result with this ref, which waits for it. ' +
    `Do not call ${tool.name} again, and do not guess the result.`
  const nextStep = answer.requests ? ASKED : wait
  return fieldsResult({ ...answerFields(answer, telling), nextStep })
}

function resolveWindow(name: string, asyncTimeout: Duration): number {
  const ms = parseDuration(`tool '${name}': asyncTimeout`, asyncTimeout)
  if (Number.isFinite(ms)) return ms
  throw wrong(
    `tool '${name}': asyncTimeout must end, since clients give up at 60 s, got Infinity; give the tool one, such as '20s'`,
  )
}

function describe(description: string | undefined, asyncTimeout: number): string {
  const flow =
    asyncTimeout === 0
      ? 'Answers at once with a ref: then call get_task_result with it, which waits for the result.'
      : `Answers within ${asyncTimeout / 1_000} s, with the result or, when the work takes longer, with a ref: then call ` +
        'get_task_result with it.'
  return description ? `${description}\n\n${flow}` : flow
}
