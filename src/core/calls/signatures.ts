import type { FunctionOptions } from '../options/function-options.js'
import type { Work } from '../words/backend.js'
import type { Duration } from '../words/duration.js'
import type { InputOf, OutputOf, Schema } from '../words/schema.js'
import type { Cached } from './cached.js'

/** Options whose types depend on the input. */
interface InputOptions<Input> {
  check?: (input: Input) => void | Promise<void>
  key?: (input: Input) => unknown
  title?: (input: Input) => string
}

type OtherOptions = Omit<FunctionOptions<never, never>, 'input' | 'output' | keyof InputOptions<never>>

/** Options of a function whose schema gives the type of the input. */
type SchemaOptions<I, O> = OtherOptions & InputOptions<OutputOf<I>> & { input: I; output?: O }

/** Options of a function whose own parameter gives the type of the input. */
type PlainOptions<Input, O> = OtherOptions & InputOptions<Input> & { input?: undefined; output?: O }

type ValueOf<R, O> = O extends Schema<unknown, infer Value> ? Value : Awaited<R>

type AnySchema = Schema<unknown, unknown>

/** How `cached` takes options, then a function, and tells the types of the wrapped function from both. */
export interface CachedSignatures {
  /** Wraps a named function: `cached('5s')(fn)` is `cached({ asyncTimeout: '5s' })(fn)`. */
  (asyncTimeout: Duration): <Input, R>(work: Work<Input, R>) => Cached<Input, Awaited<R>>
  /** Wraps a function whose input a schema parses. */
  <I extends AnySchema, O extends AnySchema | undefined = undefined>(
    options: SchemaOptions<I, O>,
  ): <R>(work: Work<OutputOf<I>, R>) => Cached<InputOf<I>, ValueOf<R, O>>
  /** Wraps a function. */
  <Known = never, O extends AnySchema | undefined = undefined>(
    options: PlainOptions<Known, O>,
  ): <Input extends [Known] extends [never] ? unknown : Known, R>(
    work: Work<Input, R>,
  ) => Cached<Input, ValueOf<R, O>>
}
