import { z } from 'zod'
import { statuses } from '../core/words/answer.js'
import { readDuration } from '../core/words/duration.js'

/** The longest that a request waits, in milliseconds: proxies commonly give up at 60 s. */
const LONGEST_WAIT_MS = 50_000

const DURATION = /^\d+(\.\d+)?(ms|s|m|h|d)?$/

const NO_DURATION = "must be milliseconds, or a duration such as '25s'"

const wait = z
  .union([z.number().min(0, NO_DURATION), z.string().regex(DURATION, NO_DURATION)], NO_DURATION)
  .transform((given) => (typeof given === 'number' ? given : (readDuration(given) ?? Number(given))))
  .refine((ms) => ms <= LONGEST_WAIT_MS, `must be at most ${LONGEST_WAIT_MS / 1_000}s; ask again for more`)

const format = z.enum(['minimal', 'standard', 'full'])
const status = z.enum(statuses)
const time = z.number().meta({ description: 'milliseconds since 1970' })

/** Body of `POST /tasks`. */
export const callSchema = z.strictObject({
  function: z.string().meta({ description: 'name of the function' }),
  input: z.unknown().optional(),
  asyncTimeout: wait
    .optional()
    .meta({ description: "how long to wait for the value; by default the function's own, at most 20s" }),
  priority: z.number().optional().meta({ description: 'among waiting tasks, higher first' }),
  metadata: z
    .unknown()
    .optional()
    .meta({ description: 'shown with the task everywhere; JSON of at most 4 kB' }),
  format: format.default('standard'),
})

/** Body of `POST /tasks/{ref}/retry`, which may be left out. */
export const retrySchema = z.strictObject({
  asyncTimeout: wait.default(0).meta({ description: 'how long to wait for the value' }),
  format: format.default('standard'),
})

/** Query of `GET /tasks/{ref}`. */
export const pollSchema = z.strictObject({
  wait: wait.default(0).meta({ description: 'how long to wait for the end' }),
  format: format.default('standard'),
})

/** Query of `GET /tasks`. */
export const listSchema = z.strictObject({
  status: status.optional(),
  name: z.string().optional().meta({ description: 'name of a function' }),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
  cursor: z.string().optional().meta({ description: 'where to go on, from the list before' }),
})

/** Query of what takes none. */
export const nothingSchema = z.strictObject({})

const error = z.object({ name: z.string(), message: z.string(), code: z.string().optional() })

const progress = z.object({
  current: z.number().optional(),
  total: z.number().optional(),
  percentage: z.number().optional(),
  message: z.string().optional(),
  step: z.string().optional(),
  etaMs: z.number().optional(),
  details: z.unknown().optional(),
})

/** A task as it is answered; how much of it depends on `format`. */
export const taskSchema = z
  .object({
    status,
    ref: z.string().regex(/^rc_[0-9A-Za-z]{22}$/),
    value: z.unknown().optional().meta({ description: 'of a task that is complete; left out in lists' }),
    stale: z.literal(true).optional().meta({ description: 'an older value, while a new one is made' }),
    error: error
      .extend({ attempts: z.array(z.object({ error, at: time })).optional() })
      .optional()
      .meta({ description: 'of a task that failed' }),
    progress: progress.optional(),
    pollAfterMs: z.number().optional().meta({ description: 'when another poll is worth its cost' }),
    retryable: z.boolean().optional(),
    interrupted: z.literal(true).optional().meta({ description: 'its process has ended; another goes on' }),
    name: z.string().optional().meta({ description: 'of the function' }),
    title: z.string().optional(),
    metadata: z.unknown().optional().meta({ description: 'what the first caller said about it' }),
    createdAt: time.optional(),
    startedAt: time.optional(),
    settledAt: time.optional(),
    valueSchema: z.unknown().optional().meta({ description: 'JSON Schema of the value' }),
  })
  .meta({ id: 'Task' })

export const taskListSchema = z
  .object({ tasks: z.array(taskSchema), cursor: z.string().optional() })
  .meta({ id: 'TaskList' })

export const cancelSchema = z
  .object({ ref: z.string(), result: z.enum(['cancelled', 'requested', 'already-settled']) })
  .meta({ id: 'Cancelled' })

export const queueSchema = z
  .object({ waiting: z.number(), running: z.number(), abandoned: z.number(), paused: z.boolean() })
  .meta({ id: 'Queue' })

export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.object({ at: z.string(), detail: z.string() })).optional(),
    error: error.optional(),
  })
  .meta({ id: 'Problem' })
