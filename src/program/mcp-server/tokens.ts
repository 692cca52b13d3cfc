import { createHash, timingSafeEqual } from 'node:crypto'
import { RaincheckError } from '../../core/words/errors.js'

/** Shorter ones can be guessed: 16 characters of hexadecimal digits are 64 bits. `createHttpApp` asks for as many. */
const SHORTEST_SECRET = 16

/** The secrets that clients show over HTTP, each with the name of the scope that its tasks are in. */
export class Tokens {
  readonly #digests: ReadonlyMap<string, Buffer>

  /** @throws RaincheckError `INVALID_OPTION`, which never tells a secret. */
  constructor(given: readonly string[]) {
    const tokens = [...parseTokens(given)]
    for (const [name, secret] of tokens)
      if (secret.length < SHORTEST_SECRET)
        throw wrong(
          `the secret of the token ${name} can be guessed; give it ${SHORTEST_SECRET} or more characters`,
        )
    this.#digests = new Map(tokens.map(([name, secret]) => [name, digestOf(secret)]))
  }

  get size(): number {
    return this.#digests.size
  }

  /** Whose secret it is. It takes the same time for every secret: all are compared, by digests of one length. */
  nameOf(secret: string): string | undefined {
    const digest = digestOf(secret)
    let found: string | undefined
    for (const [name, other] of this.#digests) if (timingSafeEqual(digest, other)) found = name
    return found
  }
}

/**
 * The secrets by the names of their scopes.
 * @param given Each `name=secret`; the secret of what RFC 6750 allows in a bearer token.
 * @throws RaincheckError `INVALID_OPTION`, which never tells a secret.
 */
export function parseTokens(given: readonly string[]): Map<string, string> {
  const tokens = new Map<string, string>()
  for (const [at, token] of given.entries()) {
    const [, name, secret] = /^([\w.-]{1,64})=([\w.~+/-]+=*)$/.exec(token) ?? []
    if (name === undefined || secret === undefined)
      throw wrong(`token ${at + 1} must be name=secret, of letters, digits, '.', '_' and '-'`)
    if (tokens.has(name)) throw wrong(`there are two tokens with the name ${name}; give each its own`)
    if ([...tokens.values()].includes(secret))
      throw wrong(`the token ${name} has the secret of another; give each its own`)
    tokens.set(name, secret)
  }
  return tokens
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function wrong(message: string): RaincheckError {
  return new RaincheckError('INVALID_OPTION', message)
}
