import { type Context, Hono } from 'hono'
import { toJson } from '../core/values/to-json.js'
import { given } from '../core/words/given.js'
import { isLive } from '../core/words/task-store.js'
import {
  type Answer,
  type CallAnswer,
  formatAnswer,
  type Ref,
  type ResponseFormat,
  type Scope,
} from '../index.js'
import { ManyTasks } from '../many/many-tasks.js'
import { callFunction, refused, taskFailed } from './call.js'
import type { HttpEnv } from './guard.js'
import type { HttpSettings } from './options.js'
import { ProblemError } from './problem.js'
import { readBody, readOptionalBody, readQuery } from './request.js'
import { callSchema, listSchema, nothingSchema, pollSchema, retrySchema } from './schemas.js'
import { sentPath } from './sent-path.js'
import { summaryFacts } from './summary-facts.js'

/** How long a call waits at most when the request does not say, in milliseconds: no client gives up before. */
const DEFAULT_WAIT_MS = 20_000

/** How long one look of a longer wait takes, in milliseconds; after each it is seen whether the client is there still. */
const LOOK_MS = 5_000

type TaskContext = Context<HttpEnv>

/** @param onForgotten Told of a task that is gone. */
export function taskRoutes(
  settings: HttpSettings,
  onForgotten: (scope: string, ref: Ref) => void,
): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .post('/', (c) => call(c, settings))
    .get('/', (c) => list(c, settings))
    .get('/:ref', (c) => poll(c, settings))
    .get('/:ref/result', (c) => result(c, settings))
    .get('/:ref/log', (c) => log(c, settings))
    .post('/:ref/cancel', async (c) => {
      const ref = refOf(c)
      return json(c, { ref, result: await own(c, settings).cancel(ref) })
    })
    .post('/:ref/retry', (c) => retry(c, settings))
    .delete('/:ref', async (c) => {
      await own(c, settings).forget(refOf(c))
      onForgotten(c.get('scope'), refOf(c))
      return c.body(null, 204)
    })
}

async function call(c: TaskContext, settings: HttpSettings): Promise<Response> {
  const { function: name, input, asyncTimeout, priority, metadata, format } = await readBody(c, callSchema)
  const wrapped = settings.functions.get(name)
  if (!wrapped) throw unknownFunction(settings)
  const answer = await callFunction(wrapped, input, {
    scope: c.get('scope'),
    signal: c.req.raw.signal,
    asyncTimeout: asyncTimeout ?? Math.min(wrapped.options.asyncTimeout, DEFAULT_WAIT_MS),
    ...given({ priority, metadata }),
  })
  return callResponse(c, settings, { answer, format, tasksPath: sentPath(c) })
}

async function list(c: TaskContext, settings: HttpSettings): Promise<Response> {
  const { limit, ...filter } = readQuery(c, listSchema)
  const { tasks, ...more } = await own(c, settings).list({ limit, ...given(filter) })
  return json(c, { tasks: tasks.map(summaryFacts), ...more })
}

async function poll(c: TaskContext, settings: HttpSettings): Promise<Response> {
  const { wait, format } = readQuery(c, pollSchema)
  const answer = await waitFor(c, settings, refOf(c), wait)
  if (isLive(answer)) c.header('Retry-After', seconds(answer.pollAfterMs))
  return json(c, facts(settings, answer, format))
}

async function result(c: TaskContext, settings: HttpSettings): Promise<Response> {
  readQuery(c, nothingSchema)
  const answer = settled(await own(c, settings).poll(refOf(c)))
  if (answer.status === 'complete') return json(c, answer.value)
  const headers = { 'Retry-After': seconds(answer.pollAfterMs) }
  throw new ProblemError(425, 'NOT_DONE', `the task is ${answer.status} still; ask again later`, { headers })
}

async function log(c: TaskContext, settings: HttpSettings): Promise<Response> {
  readQuery(c, nothingSchema)
  const { readLog } = settings
  // First the status, by which a foreign ref is refused.
  await own(c, settings).poll(refOf(c))
  if (!readLog)
    throw new ProblemError(404, 'LOG_NOT_KEPT', 'this server keeps no logs; follow /events instead')
  return c.text((await readLog(refOf(c))) ?? '')
}

/** Handed off at once, so that an error is a refusal, and waited for after that. */
async function retry(c: TaskContext, settings: HttpSettings): Promise<Response> {
  const { asyncTimeout, format } = await readOptionalBody(c, retrySchema)
  const tasks = new ManyTasks(settings.rains, c.get('scope'))
  const { answer: first } = await tasks.retry(refOf(c)).catch((thrown) => {
    throw refused(thrown)
  })
  const answer = isLive(first) ? settled(await waitFor(c, settings, first.ref, asyncTimeout)) : first
  const tasksPath = sentPath(c).split('/').slice(0, -2).join('/')
  return callResponse(c, settings, { answer, format, tasksPath })
}

interface CallResponse {
  answer: CallAnswer<unknown>
  format: ResponseFormat
  /** Where clients find the tasks: the app may be mounted anywhere. */
  tasksPath: string
}

function callResponse(c: TaskContext, settings: HttpSettings, response: CallResponse): Response {
  const { answer, format, tasksPath } = response
  const body = facts(settings, answer, format)
  if (answer.status === 'complete') return json(c, body)
  c.header('Location', `${tasksPath}/${answer.ref}`)
  c.header('Retry-After', seconds(answer.pollAfterMs))
  return json(c, body, 202)
}

/** Looks again and again rather than once, so that what a client asked for that has gone is not waited for. */
async function waitFor(
  c: TaskContext,
  settings: HttpSettings,
  ref: Ref,
  wait: number,
): Promise<Answer<unknown>> {
  const { signal } = c.req.raw
  const tasks = own(c, settings)
  for (const until = Date.now() + wait; ; ) {
    const leftMs = Math.max(0, until - Date.now())
    const answer = await tasks.poll(ref, { wait: Math.min(leftMs, LOOK_MS) })
    // A task that asks is polled without a wait: somebody has to answer it.
    if (!isLive(answer) || answer.requests || leftMs <= LOOK_MS || signal.aborted) return answer
  }
}

function facts({ functions }: HttpSettings, answer: Answer<unknown>, format: ResponseFormat) {
  return formatAnswer(answer, format, functions.get(answer.name)?.options)
}

/** @throws ProblemError for a task that failed or was cancelled. */
function settled(answer: Answer<unknown>): CallAnswer<unknown> {
  if (answer.status === 'failed') throw taskFailed(answer.error)
  if (answer.status === 'cancelled')
    throw new ProblemError(409, 'CANCELLED', 'the task was cancelled; retry it, or make the call again')
  return answer
}

/** On one store it is the same whom one asks. */
function own(c: TaskContext, { rains: [first] }: HttpSettings): Scope {
  return first.scope(c.get('scope'))
}

function refOf(c: TaskContext): Ref {
  return c.req.param('ref') as Ref
}

function unknownFunction({ functions }: HttpSettings): ProblemError {
  const known = [...functions.keys()].join(', ') || 'none'
  return new ProblemError(
    422,
    'FUNCTION_NOT_REGISTERED',
    `there is no function of that name; known are ${known}`,
  )
}

function seconds(ms: number): string {
  return String(Math.ceil(ms / 1_000))
}

function json(c: TaskContext, value: unknown, status: 200 | 202 = 200): Response {
  return c.body(toJson(value), status, { 'Content-Type': 'application/json' })
}
