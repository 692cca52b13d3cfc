import type { Context } from 'hono'

/**
 * The path of a request as its client sent it. Express, and Hono's `mount`, remove the path where the app is mounted; on Node the request that
 * came in still has it.
 */
export function sentPath({ env, req }: Context): string {
  const { incoming } = Object(env) as { incoming?: { url?: string; originalUrl?: string } }
  const sent = incoming?.originalUrl ?? incoming?.url ?? req.path
  const path = URL.canParse(sent, 'http://localhost') ? new URL(sent, 'http://localhost').pathname : req.path
  // Another request may have caused this one. Express makes '/' of its mount path, with and without a slash at its end.
  return req.path === '/' || path.endsWith(req.path) ? path : req.path
}
