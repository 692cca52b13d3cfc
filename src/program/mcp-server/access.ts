import { isIPv4 } from 'node:net'
import { wrongOption } from '../../core/words/check-option.js'

/** Whether only programs of this machine reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/**
 * The secrets that clients show, by the names of their scopes: those of the command line, or of RAINCHECK_TOKENS, with commas or
 * spaces between, where other users of the machine cannot see them.
 * @param given Each `name=secret`.
 * @returns Undefined when none is needed.
 * @throws RaincheckError `INVALID_OPTION`, which never tells a secret; also when others would reach the server without one.
 */
export function clientTokens(
  host: string,
  given: readonly string[] = process.env.RAINCHECK_TOKENS?.split(/[\s,]+/).filter(Boolean) ?? [],
): Record<string, string> | undefined {
  if (given.length > 0) return parseTokens(given)
  if (isLoopback(host)) return undefined
  throw wrongOption(
    `others reach ${host}: give each client a token, --token name=secret or RAINCHECK_TOKENS, or listen on 127.0.0.1`,
  )
}

function parseTokens(given: readonly string[]): Record<string, string> {
  const tokens = new Map<string, string>()
  for (const [at, token] of given.entries()) {
    const [, name, secret] = /^([\w.-]{1,64})=([\w.~+/-]+=*)$/.exec(token) ?? []
    if (name === undefined || secret === undefined)
      throw wrongOption(`token ${at + 1} must be name=secret, of letters, digits, '.', '_' and '-'`)
    if (tokens.has(name)) throw wrongOption(`there are two tokens with the name ${name}; give each its own`)
    tokens.set(name, secret)
  }
  return Object.fromEntries(tokens)
}
