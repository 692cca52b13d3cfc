import { createHash, timingSafeEqual } from 'node:crypto'
import { wrongOption } from '../core/words/check-option.js'

/** Shorter ones can be guessed: 16 characters of hexadecimal digits are 64 bits. */
const SHORTEST = 16

/** Bearer tokens by the scope that each opens. They are kept as digests, which have one length. */
export class Tokens {
  readonly #digests: readonly (readonly [string, Buffer])[]

  /**
   * @param option What they are named by in errors, before the scope.
   * @throws RaincheckError `INVALID_OPTION`, which never tells a token.
   */
  constructor(byScope: Readonly<Record<string, string>>, option = 'tokens.') {
    // Taken for none, null would let everybody in.
    const entries = Object.entries(Object(byScope) as Record<string, unknown>)
    if (entries.length === 0)
      throw wrongOption('tokens must name at least one scope; leave the option out to need none')
    for (const [scope, token] of entries) refuseUnsafe(`${option}${scope}`, token)
    if (new Set(entries.map(([, token]) => token)).size < entries.length)
      throw wrongOption('tokens must be different for each scope')
    this.#digests = entries.map(([scope, token]) => [scope, digest(token as string)])
  }

  /** Whose token it is. All are compared, each in constant time: neither says how close a guess was, or to which. */
  scopeOf(token = ''): string | undefined {
    const given = digest(token)
    let found: string | undefined
    for (const [scope, expected] of this.#digests) if (timingSafeEqual(expected, given)) found = scope
    return found
  }
}

function refuseUnsafe(option: string, token: unknown): void {
  if (typeof token === 'string' && token.length >= SHORTEST && /^[\w.~+/=-]+$/.test(token)) return
  throw wrongOption(
    `${option} must be ${SHORTEST} or more of the characters that a bearer token may have (letters, digits, -._~+/=)`,
  )
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
