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
  return { ...allTasksPaths(functions), ...oneTaskPaths(), ...serverPaths() }
}

function allTasksPaths(functions: readonly string[]): Part {
  return {
    '/tasks': {
      post: operation('Call a function', {
        body: callBody(functions),
        responses: { 200: task('the value'), 202: task('the ref, when it takes longer'), ...failed },
      }),
      get: operation('The tasks, newest first, without their values', {
        query: listSchema,
        responses: { 200: content('a page of them', 'TaskList') },
      }),
    },
  }
}

function oneTaskPaths(): Part {
  return {
    '/tasks/{ref}': {
      get: operation('How far a task is, or its value', {
        query: pollSchema,
        responses: { 200: task('the task'), ...unknown },
      }),
      delete: operation('Cancel a task and remove it', {
        responses: { 204: { description: 'it is gone' }, ...unknown },
      }),
    },
    '/tasks/{ref}/result': {
      get: operation('The bare value of a task', {
        responses: {
          200: { description: 'the value', content: { 'application/json': { schema: {} } } },
          ...problems({ 409: 'it was cancelled', 425: 'it is not done; see Retry-After' }),
          ...failed,
          ...unknown,
        },
      }),
    },
    '/tasks/{ref}/log': {
      get: operation('What a task logged, where that is kept', {
        responses: { 200: { description: 'the log', content: { 'text/plain': {} } }, ...unknown },
      }),
    },
    '/tasks/{ref}/cancel': {
      post: operation('Cancel a task', {
        responses: { 200: content('what became of that', 'Cancelled'), ...unknown },
      }),
    },
    '/tasks/{ref}/retry': {
      post: operation('Call again what failed or was cancelled', {
        body: jsonSchema(retrySchema),
        isBodyOptional: true,
        responses: { 200: task('the value'), 202: task('the new ref'), ...failed, ...unknown },
      }),
    },
  }
}

function serverPaths(): Part {
  return {
    '/events': {
      get: operation('Changes of tasks, as server-sent events', {
        responses: { 200: { description: 'the stream', content: { 'text/event-stream': {} } } },
      }),
    },
    '/healthz': open(
      operation('Whether the store answers', { responses: { 200: { description: 'it does' } } }),
    ),
    '/queue': { get: adminOperation('What waits and runs in this process') },
    '/queue/pause': { post: adminOperation('Start no more tasks') },
    '/queue/resume': { post: adminOperation('Start tasks again') },
  }
}

interface Operation {
  query?: z.ZodType
  body?: Part
  isBodyOptional?: boolean
  responses: Part
}

function operation(summary: string, { query, body, isBodyOptional, responses }: Operation): Part {
  const isAboutOne = '404' in responses
  const parameters = [
    ...(isAboutOne ? [{ name: 'ref', in: 'path', required: true, schema: { type: 'string' } }] : []),
    ...(query ? queryParameters(query) : []),
  ]
  return {
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? { requestBody: { required: !isBodyOptional, content: { 'application/json': { schema: body } } } }
      : {}),
    responses: { ...responses, default: content('a problem', 'Problem', 'application/problem+json') },
  }
}

function adminOperation(summary: string): Part {
  return {
    ...operation(summary, { responses: { 200: content('the queue', 'Queue') } }),
    security: [{ admin: [] }],
  }
}

function open(get: Part): Part {
  return { get: { ...get, security: [] } }
}

function queryParameters(query: z.ZodType): Part[] {
  const { properties = {} } = jsonSchema(query) as { properties?: Record<string, Part> }
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
  const {
    $schema: _,
    id: __,
    $defs: ___,
    ...rest
  } = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema)).replaceAll('#/$defs/', '#/components/schemas/'),
  ) as Part
  return rest
}

function content(description: string, name: string, type = 'application/json'): Part {
  return { description, content: { [type]: { schema: { $ref: `#/components/schemas/${name}` } } } }
}

function task(description: string): Part {
  return content(description, 'Task')
}

function problems(descriptions: Record<number, string>): Part {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      content(description, 'Problem', 'application/problem+json'),
    ]),
  )
}

const failed = problems({ 500: "the task failed; `error` is the function's" })
const unknown = problems({ 404: 'the ref is unknown, has expired or belongs to someone else' })
