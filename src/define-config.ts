import type { FunctionOptions } from './core/options/function-options.js'
import type { TaskHandle } from './core/words/backend.js'
import type { Duration } from './core/words/duration.js'
import type { OutputOf, Schema } from './core/words/schema.js'
import type { RaincheckOptions } from './create-raincheck.js'

/** A function of a config file: the options of `cached`, with the function as `run`. Its name is its key. */
export type ConfigFunction<I> = Omit<FunctionOptions<ParsedBy<I>, unknown>, 'input' | 'name' | 'ttl'> & {
  /** A schema that input is parsed with, once, before a task exists. @default the input is taken as it is */
  input?: I
  /** As of `cached`; a function of it says what its `value` is, such as `(value: number) => '1h'`. @default 0, no caching */
  ttl?: Duration | ((value: never, input: ParsedBy<I>) => Duration)
  /** The function. Other processes load the file to find it: it cannot rely on what only this one has in memory. */
  run: (input: ParsedBy<I>, task: TaskHandle) => unknown
}

/** What a config file exports: the options of `createRaincheck`, and functions by their names. */
export interface Config<Inputs> extends RaincheckOptions {
  /** By the names that they are called by. */
  functions: { [Name in keyof Inputs]: ConfigFunction<Inputs[Name]> }
}

/** Gives the content of a `raincheck.config` file its types: a schema as `input` gives `run` the type of its input. */
export function defineConfig<Inputs>(config: Config<Inputs>): Config<Inputs> {
  return config
}

/** Without a schema `run` states the type of its input itself. */
type ParsedBy<I> = I extends Schema<unknown, unknown> ? OutputOf<I> : never
