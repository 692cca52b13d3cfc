import type { Context, MiddlewareHandler } from 'hono'
import type { HttpSettings } from './options.js'
import { ProblemError } from './problem.js'
import type { Tokens } from './tokens.js'

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
  return async (c, next) => {
    c.set('scope', tokens ? openedBy(tokens, c) : '')
    await next()
  }
}

/** For what concerns all scopes. */
export function checkAdmin({ adminToken }: HttpSettings): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (!adminToken)
      throw new ProblemError(
        403,
        'ADMIN_ONLY',
        'this needs an admin token, and none is set; set `adminToken`',
      )
    openedBy(adminToken, c)
    await next()
  }
}

/** @throws ProblemError when the request has none of the tokens. */
function openedBy(tokens: Tokens, c: Context): string {
  const [, token] = /^Bearer +([^\s]+) *$/i.exec(c.req.header('authorization') ?? '') ?? []
  const scope = tokens.scopeOf(token)
  if (scope !== undefined) return scope
  const detail = 'send one of the tokens of this server: Authorization: Bearer <token>'
  const headers = { 'WWW-Authenticate': 'Bearer realm="raincheck"' }
  throw new ProblemError(401, 'UNAUTHORIZED', detail, { headers })
}

/** The name in a Host header, without its port. */
function hostName(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase()
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
