import { refuseUnknown, wholeNumber, wrongOption } from '../core/words/check-option.js'
import type { Cached, CallAnswer, CallOptions, Raincheck, Ref } from '../index.js'
import { Tokens } from './tokens.js'

/** The part of a wrapped function that requests need. */
export type HttpFunction = ((input: never, options?: CallOptions) => Promise<CallAnswer<unknown>>) &
  Pick<Cached<unknown, unknown>, 'name' | 'options'>

/** Options of `createHttpApp`. */
export interface HttpOptions {
  /** The wrapped functions that requests may call. No other is reached. */
  functions: Iterable<HttpFunction>
  /**
   * Bearer tokens by the scope that each opens: `{ alice: 'a long secret' }`. A request then needs one of them, and sees
   * the tasks of its scope alone. A token has 16 characters or more: in hexadecimal digits that is 64 bits, which nobody guesses.
   * @default none: who reaches the app has the scope `''`
   */
  tokens?: Readonly<Record<string, string>>
  /** Bearer token for `/queue`, and for nothing else, of 16 characters or more. @default none: nobody may */
  adminToken?: string
  /** Host names, without port, that requests may name besides `localhost`, `127.0.0.1` and `[::1]`. @default none */
  hosts?: readonly string[]
  /** Other origins whose pages may use the app, such as `'https://app.example'` (CORS). @default none */
  origins?: readonly string[]
  /** The largest body of a request, in bytes; a larger one is answered with status 413. @default 1,048,576 */
  maxBodyBytes?: number
  /** Reads what a task logged, where that is kept; undefined when there is nothing. @default it is not kept */
  readLog?: (ref: Ref) => Promise<string | undefined>
  /** Told of what went wrong in the app itself: the answer to the request tells no details. @default nobody is told */
  onError?: (error: unknown) => void
}

/** The same, validated and with nothing optional that has a default. */
export interface HttpSettings {
  /** The first answers for all; they are on one store. */
  rains: readonly [Raincheck, ...Raincheck[]]
  functions: ReadonlyMap<string, HttpFunction>
  /** Undefined: no token is needed. */
  tokens: Tokens | undefined
  adminToken: Tokens | undefined
  hosts: ReadonlySet<string>
  origins: ReadonlySet<string>
  maxBodyBytes: number
  readLog: HttpOptions['readLog'] | undefined
  onError: (error: unknown) => void
}

/** @throws RaincheckError `INVALID_OPTION`, naming the option, what is expected and what came. */
export function resolveHttpOptions(
  rain: Raincheck | readonly Raincheck[],
  options: HttpOptions,
): HttpSettings {
  const given = Object(options) as HttpOptions
  refuseUnknown(given, known, 'createHttpApp')
  const [first, ...others] = [rain].flat() as readonly Raincheck[]
  if (!first) throw wrongOption('createHttpApp needs a raincheck, got an empty list')
  const { functions, tokens, adminToken, hosts, origins, maxBodyBytes = 2 ** 20, readLog, onError } = given
  return {
    rains: [first, ...others],
    functions: functionsByName(functions),
    tokens: tokens === undefined ? undefined : new Tokens(tokens),
    adminToken: adminToken === undefined ? undefined : new Tokens({ adminToken }, ''),
    hosts: new Set(['localhost', '127.0.0.1', '[::1]', ...list('hosts', hosts).map(lowerCase)]),
    origins: new Set(list('origins', origins).map(origin)),
    maxBodyBytes: wholeNumber('maxBodyBytes', maxBodyBytes, 1),
    ...{ readLog, onError: onError ?? (() => {}) },
  }
}

const known = [
  ...['functions', 'tokens', 'adminToken', 'hosts', 'origins', 'maxBodyBytes', 'readLog', 'onError'],
]

function functionsByName(functions: Iterable<HttpFunction>): Map<string, HttpFunction> {
  if (typeof functions?.[Symbol.iterator] !== 'function')
    throw wrongOption('functions must be a list of wrapped functions, such as [toMarkdown]')
  const byName = new Map<string, HttpFunction>()
  for (const one of functions) {
    if (typeof one !== 'function' || typeof one.options !== 'object')
      throw wrongOption('functions must hold what cached(…)(fn) returned')
    if (byName.has(one.name)) throw wrongOption(`functions must have different names, two are '${one.name}'`)
    byName.set(one.name, one)
  }
  return byName
}

function list(option: string, given: readonly string[] | undefined): readonly string[] {
  if (given === undefined) return []
  if (Array.isArray(given) && given.every((one) => typeof one === 'string')) return given
  throw wrongOption(`${option} must be a list of texts`)
}

function origin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text) return text
  throw wrongOption(`origins must be such as 'https://app.example', without a path, got '${text}'`)
}

function lowerCase(text: string): string {
  return text.toLowerCase()
}
