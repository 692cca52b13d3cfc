import { RaincheckError } from '../words/errors.js'
import { describeIssues, type Schema, type SchemaResult } from '../words/schema.js'

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
