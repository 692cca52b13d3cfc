import { isIPv4 } from 'node:net'

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

/** Whether only programs of this machine reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/**
 * The tokens of the command line, or of the environment, where other users of the machine cannot see them.
 * @throws Error when others could reach the server without one.
 */
export function serveTokens(
  { host, token }: Pick<ServeOptions, 'host' | 'token'>,
  { RAINCHECK_TOKENS, RAINCHECK_ADMIN_TOKEN }: NodeJS.ProcessEnv = process.env,
): ServeTokens {
  const given = token ?? RAINCHECK_TOKENS?.split(/[\s,]+/).filter((text) => text !== '')
  if (!given?.length && !isLoopback(host))
    throw new Error(
      `others reach ${host}: give each a token, --token name=secret or RAINCHECK_TOKENS, or listen on 127.0.0.1`,
    )
  return {
    tokens: given?.length ? byScope(given) : undefined,
    adminToken: RAINCHECK_ADMIN_TOKEN || undefined,
  }
}

function byScope(given: readonly string[]): Record<string, string> {
  const tokens: Record<string, string> = Object.create(null)
  for (const [at, text] of given.entries()) {
    const [, name, secret] = /^([\w.-]{1,64})=(.+)$/.exec(text) ?? []
    if (name === undefined || secret === undefined)
      throw new Error(`token ${at + 1} must be name=secret; the name is of letters, digits, '.', '_' and '-'`)
    if (name in tokens) throw new Error(`there are two tokens with the name ${name}; give each its own`)
    tokens[name] = secret
  }
  return tokens
}
