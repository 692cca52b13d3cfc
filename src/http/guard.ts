import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { HttpSettings } from './options.js'
import { ProblemError } from './problem.js'

/** What routes know of a request. */
export interface HttpEnv {
  Variables: {
    /** Whose tasks it may see. */
    scope: string
  }
}

/**
 * Refuses requests under a name that is not ours, by which a page of another site could reach a server on this machine (DNS
 * rebinding), and those that a page of another origin sends.
 */
export function checkSource({ hosts, origins }: HttpSettings): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host
    if (!hosts.has(hostName(host)))
      throw new ProblemError(
        421,
        'HOST_NOT_ALLOWED',
        'this server does not answer under that name; allow it with `hosts`',
      )
    const origin = c.req.header('origin')
    if (origin !== undefined && !origins.has(origin) && hostOf(origin) !== host.toLowerCase())
      throw new ProblemError(
        403,
        'ORIGIN_NOT_ALLOWED',
        'pages of this origin may not use this server; allow it with `origins`',
      )
    await next()
  }
}

/** Finds out whose tasks a request may see. */
export function checkToken({ tokens }: HttpSettings): MiddlewareHandler<HttpEnv> {
  const digests = tokens && [...tokens].map(([scope, token]) => [scope, digest(token)] as const)
  return async (c, next) => {
    c.set('scope', digests ? scopeOf(bearer(c), digests) : '')
    await next()
  }
}

/** For what concerns all scopes. */
export function checkAdmin({ adminToken }: HttpSettings): MiddlewareHandler<HttpEnv> {
  const expected = adminToken === undefined ? undefined : digest(adminToken)
  return async (c, next) => {
    if (!expected)
      throw new ProblemError(
        403,
        'ADMIN_ONLY',
        'this needs an admin token, and none is set; set `adminToken`',
      )
    if (!timingSafeEqual(expected, digest(bearer(c) ?? ''))) throw unauthorized()
    await next()
  }
}

/** All are compared, each in constant time: neither says how close a guess was, or which token it was close to. */
function scopeOf(token: string | undefined, digests: readonly (readonly [string, Buffer])[]): string {
  const given = digest(token ?? '')
  let found: string | undefined
  for (const [scope, expected] of digests) if (timingSafeEqual(expected, given)) found = scope
  if (found === undefined) throw unauthorized()
  return found
}

function bearer(c: Context): string | undefined {
  return /^Bearer +([^\s]+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
}

function unauthorized(): ProblemError {
  return new ProblemError(
    401,
    'UNAUTHORIZED',
    'send one of the tokens of this server: Authorization: Bearer <token>',
    {
      headers: { 'WWW-Authenticate': 'Bearer realm="raincheck"' },
    },
  )
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The name in a Host header, without its port. */
function hostName(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase()
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
