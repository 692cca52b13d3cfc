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

type OtherOptions = Omit<
  FunctionOptions<never, never>,
  'input' | 'output' | 'ttl' | keyof InputOptions<never>
>

/** Options of a function whose schema gives the type of the input. */
type SchemaOptions<I, O, V> = OtherOptions &
  InputOptions<OutputOf<I>> & { input: I; output?: O; ttl?: Ttl<V, O, OutputOf<I>> }

/** Options of a function whose own parameter gives the type of the input. */
type PlainOptions<Input, O, V> = OtherOptions &
  InputOptions<Input> & { input?: undefined; output?: O; ttl?: Ttl<V, O, Input> }

/** An `output` schema says what the value is; else the function of `ttl` itself does. */
type Ttl<V, O, Input> =
  | Duration
  | (O extends AnySchema
      ? (value: OutputOf<O>, input: Input) => Duration
      : (value: V, input: Input) => Duration)

type ValueOf<R, O> = O extends Schema<unknown, infer Value> ? Value : Awaited<R>

type AnySchema = Schema<unknown, unknown>

/** The type of a parameter that is not annotated: only the function tells more, and that comes later. Errors show what to write. */
type Write<Form extends string> = { readonly [Text in Form]: never }
type OfInput = 'the type of the input, such as (input: { id: string }) => …'
type OfValue = 'the type of the value, such as (value: string[]) => …'

/** What a parameter may be that is annotated, or that nobody annotated. */
type Known<T> = [T] extends [Write<OfInput> | Write<OfValue>] ? unknown : T

/** How `cached` takes options, then a function, and tells the types of the wrapped function from both. */
export interface CachedSignatures {
  /** Wraps a named function: `cached('5s')(fn)` is `cached({ asyncTimeout: '5s' })(fn)`. */
  (asyncTimeout: Duration): <Input, R>(work: Work<Input, R>) => Cached<Input, Awaited<R>>
  /** Wraps a function whose input a schema parses. */
  <I extends AnySchema, O extends AnySchema | undefined = undefined, V = Write<OfValue>>(
    options: SchemaOptions<I, O, V>,
  ): <R extends Known<V> | Promise<Known<V>>>(work: Work<OutputOf<I>, R>) => Cached<InputOf<I>, ValueOf<R, O>>
  /** Wraps a function. */
  <I = Write<OfInput>, O extends AnySchema | undefined = undefined, V = Write<OfValue>>(
    options: PlainOptions<I, O, V>,
  ): <Input extends Known<I>, R extends Known<V> | Promise<Known<V>>>(
    work: Work<Input, R>,
  ) => Cached<Input, ValueOf<R, O>>
}
