import type { Context } from 'hono'
import type { z } from 'zod'
import { ProblemError } from './problem.js'

/**
 * The body of a request, which must say that it is JSON: a form of another site cannot.
 * @throws ProblemError
 */
export async function readBody<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new ProblemError(415, 'UNSUPPORTED_MEDIA_TYPE', 'send the body as application/json')
  return parse(schema, parseJson(await c.req.text()), 'the body', pointer)
}

/** The same for a body that may be left out. */
export async function readOptionalBody<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const isEmpty = c.req.header('content-type') === undefined && (await c.req.text()) === ''
  return isEmpty ? parse(schema, {}, 'the body', pointer) : readBody(c, schema)
}

/** The query of a request. @throws ProblemError, also for a parameter that is given more than once. */
export function readQuery<S extends z.ZodType>(c: Context, schema: S): z.output<S> {
  const given = Object.entries(c.req.queries()).map(([name, values]) => [
    name,
    values.length === 1 ? values[0] : values,
  ])
  return parse(schema, Object.fromEntries(given), 'the query', String)
}

function parse<S extends z.ZodType>(
  schema: S,
  given: unknown,
  what: string,
  place: (...path: PropertyKey[]) => string,
): z.output<S> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({ at: place(...path), detail: message }))
  const told = errors.map(({ at, detail }) => (at === '' ? detail : `${at}: ${detail}`)).join('; ')
  throw new ProblemError(400, 'INVALID_REQUEST', `${what} is wrong: ${told}`, { errors })
}

function pointer(...path: PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError(400, 'INVALID_REQUEST', 'the body is not JSON')
  }
}
