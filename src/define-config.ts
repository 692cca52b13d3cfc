import type { TaskHandle } from './core/backend.js'
import type { FunctionOptions } from './core/function-options.js'
import type { OutputOf, Schema } from './core/standard-schema.js'
import type { RaincheckOptions } from './create-raincheck.js'

/** A function of a config file: the options of `cached`, with the function as `run`. Its name is its key. */
export type ConfigFunction<I> = Omit<FunctionOptions<ParsedBy<I>, unknown>, 'input' | 'name'> & {
  input?: I
  run: (input: ParsedBy<I>, task: TaskHandle) => unknown
}

/** What a config file exports: the options of `createRaincheck`, and functions by their names. */
export interface Config<Inputs> extends RaincheckOptions {
  functions: { [Name in keyof Inputs]: ConfigFunction<Inputs[Name]> }
}

/** Gives the content of a `raincheck.config` file its types: a schema as `input` gives `run` the type of its input. */
export function defineConfig<Inputs>(config: Config<Inputs>): Config<Inputs> {
  return config
}

/** Without a schema `run` states the type of its input itself. */
type ParsedBy<I> = I extends Schema<unknown, unknown> ? OutputOf<I> : never
