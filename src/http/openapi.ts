import { z } from 'zod'
import type { HttpSettings } from './options.js'
import {
  callSchema,
  cancelSchema,
  listSchema,
  pollSchema,
  problemSchema,
  queueSchema,
  retrySchema,
  taskListSchema,
  taskSchema,
} from './schemas.js'

type Part = Record<string, unknown>

/** The OpenAPI 3.1 description of the app, made from the schemas that it checks requests with. */
export function openApi({ functions, tokens }: HttpSettings): Part {
  return {
    openapi: '3.1.0',
    info: {
      title: 'raincheck',
      version: '1',
      description: 'Start, watch, cancel and fetch tasks. Errors are RFC 9457 problem details.',
    },
    ...(tokens ? { security: [{ token: [] }] } : {}),
    paths: paths([...functions.keys()]),
    components: {
      schemas: Object.fromEntries(answers.map((schema) => [schema.meta()?.id, answerSchema(schema)])),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        admin: { type: 'http', scheme: 'bearer', description: 'the admin token' },
      },
    },
  }
}

const answers = [taskSchema, taskListSchema, cancelSchema, queueSchema, problemSchema]

function paths(functions: readonly string[]): Part {
  const queue = { 200: content('the queue', 'Queue') }
  const admin = { security: [{ admin: [] }] }
  return {
    '/tasks': {
      post: operation(
        'Call a function',
        { 200: task('the value'), 202: task('the ref, when it takes longer'), ...failed, ...busy },
        { requestBody: body(callBody(functions)) },
      ),
      get: operation(
        'The tasks, newest first, without their values',
        { 200: content('a page of them', 'TaskList') },
        { parameters: parameters(listSchema) },
      ),
    },
    '/tasks/{ref}': {
      get: onTask('How far a task is, or its value', { 200: task('the task') }, pollSchema),
      delete: onTask('Cancel a task and remove it', { 204: { description: 'it is gone' } }),
    },
    '/tasks/{ref}/result': {
      get: onTask('The bare value of a task', {
        200: { description: 'the value', content: { 'application/json': { schema: {} } } },
        ...problems({ 409: 'it was cancelled', 425: 'it is not done; see Retry-After' }),
        ...failed,
      }),
    },
    '/tasks/{ref}/log': {
      get: onTask('What a task logged, where that is kept', {
        200: { description: 'the log', content: { 'text/plain': {} } },
      }),
    },
    '/tasks/{ref}/cancel': {
      post: onTask('Cancel a task', { 200: content('what became of that', 'Cancelled') }),
    },
    '/tasks/{ref}/retry': {
      post: {
        ...onTask('Call again what failed or was cancelled', {
          ...{ 200: task('the value'), 202: task('the new ref') },
          ...failed,
        }),
        requestBody: body(jsonSchema(retrySchema), false),
      },
    },
    '/events': {
      get: operation('Changes of tasks, as server-sent events', {
        200: { description: 'the stream', content: { 'text/event-stream': {} } },
      }),
    },
    '/healthz': {
      get: operation('Whether the store answers', { 200: { description: 'it does' } }, { security: [] }),
    },
    '/queue': { get: operation('What waits and runs in this process', queue, admin) },
    '/queue/pause': { post: operation('Start no more tasks', queue, admin) },
    '/queue/resume': { post: operation('Start tasks again', queue, admin) },
  }
}

function operation(summary: string, responses: Part, more: Part = {}): Part {
  const problem = content('a problem', 'Problem', 'application/problem+json')
  return { summary, ...more, responses: { ...responses, default: problem } }
}

function onTask(summary: string, responses: Part, query?: z.ZodType): Part {
  const ref = { name: 'ref', in: 'path', required: true, schema: { type: 'string' } }
  return operation(summary, { ...responses, ...unknown }, { parameters: [ref, ...parameters(query)] })
}

function body(schema: Part, required = true): Part {
  return { required, content: { 'application/json': { schema } } }
}

function parameters(query?: z.ZodType): Part[] {
  const { properties = {} } = (query ? jsonSchema(query) : {}) as { properties?: Record<string, Part> }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }))
}

function callBody(functions: readonly string[]): Part {
  const { properties, ...rest } = jsonSchema(callSchema) as { properties: Record<string, Part> }
  return { ...rest, properties: { ...properties, function: { ...properties.function, enum: functions } } }
}

/** As a client sends it. */
function jsonSchema(schema: z.ZodType): Part {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}

/** With other answers by reference. */
function answerSchema(schema: z.ZodType): Part {
  const json = JSON.stringify(z.toJSONSchema(schema)).replaceAll('#/$defs/', '#/components/schemas/')
  const { $schema: _, id: __, $defs: ___, ...rest } = JSON.parse(json) as Part
  return rest
}

function content(description: string, name: string, type = 'application/json'): Part {
  return { description, content: { [type]: { schema: { $ref: `#/components/schemas/${name}` } } } }
}

function task(description: string): Part {
  return content(description, 'Task')
}

function problems(descriptions: Record<number, string>): Part {
  const named = ([status, description]: [string, string]) => [
    status,
    content(description, 'Problem', 'application/problem+json'),
  ]
  return Object.fromEntries(Object.entries(descriptions).map(named))
}

const failed = problems({ 500: "the task failed; `error` is the function's" })
const busy = problems({ 503: 'too many tasks wait, or the store does not answer; see Retry-After' })
const unknown = problems({ 404: 'the ref is unknown, has expired or belongs to someone else' })
