// The part of the Standard Schema interface (version 1) that is used here; zod 4 implements it. Describing it
// structurally keeps zod, 55 ms of loading, out of programs that have no schema.

import { RaincheckError } from './errors.js'

export interface Schema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    validate(value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>>
    /** An addition that not every library has. */
    readonly jsonSchema?: {
      input(options: JsonSchemaOptions): unknown
      output(options: JsonSchemaOptions): unknown
    }
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

interface JsonSchemaOptions {
  readonly target: 'draft-2020-12'
  /** Not a part of the standard: each library has its own. */
  readonly libraryOptions?: Record<string, unknown>
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export type InputOf<S> = S extends Schema<infer Input, unknown> ? Input : never
export type OutputOf<S> = S extends Schema<unknown, infer Output> ? Output : never

/** One line that names each wrong field and the reason. */
export function describeIssues(what: string, issues: readonly SchemaIssue[]): string {
  return issues
    .map(({ message, path = [] }) => `${[what, ...path.map(stepName)].join('.')}: ${message}`)
    .join('; ')
}

function stepName(step: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof step === 'object' ? step.key : step)
}

/** At once where the schema does not need to wait. */
export function parseInput(name: string, schema: Schema<unknown, unknown>, input: unknown): unknown {
  const result = schema['~standard'].validate(input)
  return result instanceof Promise ? result.then((given) => parsed(name, given)) : parsed(name, result)
}

function parsed(name: string, result: SchemaResult<unknown>): unknown {
  if (!result.issues) return result.value
  throw new RaincheckError(
    'INVALID_INPUT',
    `${name} was called with a wrong input: ${describeIssues('input', result.issues)}`,
  )
}

/** @throws RaincheckError `INVALID_VALUE` for what does not fit. */
export async function parseOutput(output: Schema<unknown, unknown>, value: unknown): Promise<unknown> {
  const result = await output['~standard'].validate(value)
  if (!result.issues) return result.value
  throw new RaincheckError(
    'INVALID_VALUE',
    `the function's value does not fit \`output\`: ${describeIssues('value', result.issues)}`,
  )
}
