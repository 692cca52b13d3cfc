import { z } from 'zod'
import { wrongOption } from '../core/words/check-option.js'
import type { WrappedFunction } from './host.js'
import { responseFormat, resultFields } from './result-fields.js'

/** What input is published in, whatever the SDK says of the schemas that it makes itself. */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

interface ObjectJson {
  properties: Record<string, unknown>
  required?: string[]
  [keyword: string]: unknown
}

/**
 * The input schema of a tool: the function's own, and `responseFormat`. It is published as the function has it, and lets
 * everything through, since the function parses its input itself, and once: a schema may not take what it made.
 * @throws RaincheckError `INVALID_OPTION` when the function has no object as its input.
 */
export function publishedInput(tool: string, { options }: WrappedFunction): z.ZodObject {
  const json = inputJson(tool, options.input)
  refuseCollision(tool, 'input', json.properties, ['responseFormat'])
  const own = z.object({ responseFormat })
  const properties = { ...json.properties, ...jsonOf(own, 'input')?.properties }
  return z.looseObject(own.shape).meta({ $schema: DIALECT, ...json, properties })
}

/** The JSON Schema of a function's input. @throws RaincheckError `INVALID_OPTION` when that is no object. */
function inputJson(tool: string, input: WrappedFunction['options']['input']): ObjectJson {
  const json = input && jsonOf(input, 'input')
  if (json) return json
  throw wrongOption(
    `tool '${tool}': the function's \`input\` must be an object schema, such as z.object({ path: z.string() }), since tools ` +
      `take named arguments, got ${input ? 'another schema' : 'none'}; z.object({}) is for a function without arguments`,
  )
}

/**
 * The output schema of a tool: the fields of the function's own, all optional, and those of a status. Undefined when the
 * function's `output` is no object: then a value is text, and a schema would ask for more.
 * @throws RaincheckError `INVALID_OPTION` when a field of the function's is one of a status.
 */
export function publishedOutput(tool: string, { options }: WrappedFunction): z.ZodObject | undefined {
  const json = options.output && jsonOf(options.output, 'output')
  if (!json) return undefined
  refuseCollision(tool, 'output', json.properties, Object.keys(resultFields))
  const { required: _, additionalProperties = {}, ...rest } = json
  const properties = { ...json.properties, ...jsonOf(z.object(resultFields), 'output')?.properties }
  // The function has parsed its value already: all that is checked here is that it is an object.
  return z.object({}).meta({ ...rest, additionalProperties, properties })
}

/** The JSON Schema of a schema; undefined when that is no plain object with fields. */
export function jsonOf(
  { '~standard': standard }: NonNullable<WrappedFunction['options']['input']>,
  direction: 'input' | 'output',
): ObjectJson | undefined {
  // What JSON has no type for, such as a Date, may still be given as another: then anything is let through.
  const json = standard.jsonSchema?.[direction]({
    target: 'draft-2020-12',
    libraryOptions: { unrepresentable: 'any' },
  }) as Partial<ObjectJson> | undefined
  if (json?.type !== 'object' || json.properties === undefined) return undefined
  const { $schema: _, ...rest } = json
  return rest as ObjectJson
}

function refuseCollision(tool: string, side: string, fields: object, taken: readonly string[]): void {
  const field = Object.keys(fields).find((name) => taken.includes(name))
  if (field === undefined) return
  throw wrongOption(
    `tool '${tool}': the field '${field}' of the function's \`${side}\` is one that the tool has itself; give it another ` +
      `name (taken are ${taken.join(', ')})`,
  )
}
