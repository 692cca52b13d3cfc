import { isLoopback } from '../../mcp-server/loopback.js'
import { parseTokens } from '../../mcp-server/tokens.js'

export interface ServeOptions {
  port: number
  host: string
  /** Each `name=secret`. */
  token?: string[]
  allowHost?: string[]
  allowOrigin?: string[]
}

export interface ServeTokens {
  /** By scope; undefined when none is needed. */
  tokens: Record<string, string> | undefined
  adminToken: string | undefined
}

/**
 * The tokens of the command line, or of the environment, where other users of the machine cannot see them.
 * @throws Error when others could reach the server without one.
 */
export function serveTokens(
  { host, token }: Pick<ServeOptions, 'host' | 'token'>,
  environment: NodeJS.ProcessEnv = process.env,
): ServeTokens {
  const given = token ?? environmentTokens(environment)
  if (!given?.length && !isLoopback(host))
    throw new Error(
      `others reach ${host}: give each a token, --token name=secret or RAINCHECK_TOKENS, or listen on 127.0.0.1`,
    )
  return {
    tokens: given?.length ? Object.fromEntries(parseTokens(given)) : undefined,
    adminToken: environment.RAINCHECK_ADMIN_TOKEN || undefined,
  }
}

/** Each `name=secret` of RAINCHECK_TOKENS, with commas or spaces between. */
export function environmentTokens(
  { RAINCHECK_TOKENS }: NodeJS.ProcessEnv = process.env,
): string[] | undefined {
  return RAINCHECK_TOKENS?.split(/[\s,]+/).filter((text) => text !== '')
}
