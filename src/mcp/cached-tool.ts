import { checkTypes, wrongOption } from '../core/words/check-option.js'
import { parseDuration } from '../core/words/duration.js'
import { given } from '../core/words/given.js'
import type { CallOptions, Duration, LiveAnswer, ResponseFormat } from '../index.js'
import { answerResult } from './answer-fields.js'
import { readContext, type ScopeOf, scopeOf, takesTasks } from './context.js'
import { callFailureResult } from './failure.js'
import type { ToolAnnotations, ToolHandler, ToolHost, WrappedFunction } from './host.js'
import { ASKED } from './next-steps.js'
import { notifierFor } from './progress-notifier.js'
import { publishedInput, publishedOutput } from './published-schemas.js'
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
  checkTypes(`tool '${name}'`, options, optionTypes)
  const { title, annotations = {}, scope, untrusted = false, text } = options
  const asyncTimeout = resolveWindow(name, options.asyncTimeout ?? wrapped.options.asyncTimeout)
  const inputSchema = publishedInput(name, wrapped)
  const outputSchema = publishedOutput(name, wrapped)
  const description = describe(options.description, asyncTimeout)
  const isPublished = outputSchema !== undefined
  server.registerTool(
    name,
    { description, inputSchema, annotations, ...given({ title, outputSchema }) },
    handlerOf({ name, wrapped, asyncTimeout, scope, untrusted, text, isPublished }),
  )
}

interface CachedTool {
  name: string
  wrapped: WrappedFunction
  asyncTimeout: number
  scope: ScopeOf | undefined
  untrusted: boolean
  text: ValueText | undefined
  /** Whether the fields of the value are in the output schema. */
  isPublished: boolean
}

const optionTypes = {
  ...{ title: 'string', description: 'string', annotations: 'object' },
  ...{ asyncTimeout: 'any', scope: 'function', untrusted: 'boolean', text: 'function' },
}

function handlerOf(tool: CachedTool): ToolHandler {
  const { wrapped, asyncTimeout, scope } = tool
  const { retention, output } = wrapped.options
  return async ({ responseFormat, ...input }, context) => {
    const { signal, progressToken, notify } = readContext(context)
    const notifier = progressToken === undefined ? undefined : notifierFor(progressToken, notify)
    try {
      const options: CallOptions = { scope: scopeOf(scope, context), asyncTimeout }
      if (signal) options.signal = signal
      if (notifier) options.onProgress = notifier.onProgress
      const answer = await wrapped(input as never, options)
      const telling = { format: responseFormat as ResponseFormat, retention, output }
      if (answer.status !== 'complete') {
        const result = answerResult(answer, telling, nextStepAfter(answer, tool))
        return takesTasks(context) ? withHandle(result, answer, retention) : result
      }
      return asyncTimeout > 0 ? quickResult(answer, telling, tool) : answerResult(answer, telling)
    } catch (error) {
      return callFailureResult(error, { functionName: wrapped.name, tool: tool.name })
    } finally {
      notifier?.stop()
    }
  }
}

function nextStepAfter({ requests }: LiveAnswer<unknown>, { name }: CachedTool): string {
  if (requests) return ASKED
  return (
    'No result exists yet. Call get_task_result with this ref, which waits for it. ' +
    `Do not call ${name} again, and do not guess the result.`
  )
}

function resolveWindow(name: string, asyncTimeout: Duration): number {
  const ms = parseDuration(`tool '${name}': asyncTimeout`, asyncTimeout)
  if (Number.isFinite(ms)) return ms
  throw wrongOption(
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
