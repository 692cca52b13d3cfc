import { wrongOption } from '../words/check-option.js'

/**
 * Refuses a call of more than an input and options.
 * @throws RaincheckError `INVALID_OPTION` that says what to write.
 */
export function refuseMore(name: string, options: unknown, more: readonly unknown[]): void {
  const mayBeOptions =
    options === undefined || (typeof options === 'object' && options !== null && !Array.isArray(options))
  if (mayBeOptions && more.length === 0) return
  if (typeof options === 'number' && Array.isArray(more[0]))
    throw wrongOption(
      `${name} takes one input, and got what an array's map gives: item, index and array; write map((item) => ${name}(item))`,
    )
  throw wrongOption(
    `${name} takes one input, and the options of a call after it, got ${2 + more.length} arguments; ` +
      `put what the function needs into one object: ${name}({ … })`,
  )
}

/**
 * Refuses what `cached` is given instead of options, and decorator syntax without any.
 * @throws RaincheckError `INVALID_OPTION` that says what to write.
 */
export function refuseAllButOptions(given: readonly unknown[]): void {
  const [options, second] = given
  refuseDecorator(given)
  if (typeof second === 'function')
    throw wrongOption(
      'cached takes the options alone, got the function, too; write cached(options)(fn) instead of cached(options, fn)',
    )
  if (typeof options === 'function')
    throw wrongOption("cached takes options, got a function; write cached({ asyncTimeout: '5s' })(fn)")
}

/**
 * Refuses decorator syntax, in the form of the standard (stage 3) and in that of TypeScript's `experimentalDecorators`.
 * @throws RaincheckError `INVALID_OPTION` that shows what to write.
 */
export function refuseDecorator(given: readonly unknown[]): void {
  const name = decoratedName(given)
  if (name === undefined) return
  throw wrongOption(
    `@rain.cached cannot decorate ${name}: a decorator cannot change the type of a method; wrap it for each object instead:

class Reports {
  readonly ${name}
  constructor(readonly tenant: string) {
    this.${name} = rain.cached({ name: '${name}', asyncTimeout: '5s', instance: tenant })((input: { month: string }) => this.#load(input))
  }
}`,
  )
}

/** What a decorator is called with: a value and its context, or a target, the name of a property, and its descriptor. */
function decoratedName([target, second, ...more]: readonly unknown[]): string | undefined {
  const { kind, name } = Object(second) as { kind?: unknown; name?: unknown }
  if (typeof kind === 'string' && name !== undefined) return String(name)
  const isTarget = typeof target === 'function' || (typeof target === 'object' && target !== null)
  const isProperty = typeof second === 'string' || typeof second === 'symbol'
  return isTarget && isProperty && more.length > 0 ? String(second) : undefined
}
