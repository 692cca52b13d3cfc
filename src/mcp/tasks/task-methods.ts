import { z } from 'zod'
import { RaincheckError } from '../../core/words/errors.js'
import type { ToolContext } from '../host.js'
import { answerOf, missingCapabilities } from '../input-requests.js'
import { clientCapabilities, declaresTasks } from '../tasks-extension.js'
import type { DetailedTask } from './detailed-task.js'
import type { KnownTasks } from './known-tasks.js'
import { methodNotFound, missingCapability, tasksNotDeclared, toProtocolError } from './protocol-error.js'

/** Longer texts are no refs, and would be echoed by the error. */
export const taskParams = z.object({ taskId: z.string().max(100) })

/** The methods of the extension. What they answer is an empty object where it only says that the request has come. */
export const taskMethods = {
  'tasks/get': getTask,
  'tasks/update': updateTask,
  'tasks/cancel': cancelTask,
}

interface TaskRequest {
  readonly taskId: string
  readonly tasks: KnownTasks
  /** What the SDK has taken out of the `_meta` of the request. */
  readonly envelope: unknown
  readonly inputResponses: Readonly<Record<string, unknown>>
}

/** Answers a request, or throws what the SDK makes an error response of. */
export async function answerTaskMethod(
  method: keyof typeof taskMethods,
  { taskId }: z.infer<typeof taskParams>,
  context: ToolContext,
  known: (context: ToolContext) => KnownTasks,
): Promise<object> {
  const { envelope, inputResponses = {} } = Object(Object(context).mcpReq)
  // Without an envelope it is a request of an older protocol, which has methods of these names that mean other things.
  if (envelope === undefined) throw methodNotFound()
  if (!declaresTasks(envelope)) throw tasksNotDeclared()
  try {
    return await taskMethods[method]({ taskId, tasks: known(context), envelope, inputResponses })
  } catch (error) {
    throw toProtocolError(error)
  }
}

async function getTask({ taskId, tasks, envelope }: TaskRequest): Promise<DetailedTask> {
  const task = await tasks.get(taskId)
  const missing = missingCapabilities(Object.values(task.inputRequests ?? {}), clientCapabilities(envelope))
  if (missing) throw missingCapability(missing)
  return task
}

/** Responses to what is not asked, or not any more, are passed over, as the extension wants it. */
async function updateTask({ taskId, tasks, inputResponses }: TaskRequest): Promise<object> {
  const { answer } = await tasks.all.poll(taskId, {})
  const requests = 'requests' in answer && answer.requests ? answer.requests : {}
  const answers = Object.entries(inputResponses)
    .filter(([key]) => Object.hasOwn(requests, key))
    .map(([key, response]) => [key, answerOf(key, requests[key], response)] as const)
  // The function cannot go on without an answer, and has not said what else to do.
  if (answers.some(([, given]) => given === undefined)) await tasks.all.cancel(taskId)
  else if (answers.length > 0)
    await tasks.all.answer(taskId, Object.fromEntries(answers)).catch(unlessAnswered)
  return {}
}

/** Somebody else was quicker. */
function unlessAnswered(error: unknown): void {
  if (!(error instanceof RaincheckError && error.code === 'INVALID_INPUT')) throw error
}

async function cancelTask({ taskId, tasks }: TaskRequest): Promise<object> {
  await tasks.all.cancel(taskId)
  return {}
}
