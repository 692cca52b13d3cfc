import { z } from 'zod'
import type { ConvertInput } from '../../../convert/index.js'
import type { HttpFunction } from '../../../http/index.js'
import { type CallOptions, RaincheckError } from '../../../index.js'
import type { AllowedDirectories } from '../../mcp-server/allowed-directories.js'
import type { CliFunctions } from '../functions.js'

/** The functions of the config file, and the bundled conversion, which reads what lies in the allowed directories. */
export function servedFunctions(all: readonly CliFunctions[], allowed: AllowedDirectories): HttpFunction[] {
  return all.flatMap(({ from, functions }) => {
    const served = [...functions.values()] as HttpFunction[]
    return from === 'raincheck' ? served.map((convert) => within(allowed, convert)) : served
  })
}

/** What a client may say; the limits on documents are the server's. */
const schema = z.strictObject({
  path: z.string(),
  sanitize: z.boolean().optional(),
  remoteImages: z.enum(['strip', 'keep']).optional(),
  pageBreaks: z.boolean().optional(),
})

function within(allowed: AllowedDirectories, convert: HttpFunction): HttpFunction {
  const inside = async (input: unknown): Promise<ConvertInput> => {
    const parsed = parse(input)
    return { ...parsed, path: await allowed.existing(parsed.path) }
  }
  const call = async (input: unknown, options?: CallOptions) =>
    convert((await inside(input)) as never, options)
  const check = async (input: unknown) => convert.options.check?.((await inside(input)) as never)
  Object.defineProperty(call, 'name', { value: convert.name })
  return Object.assign(call, { options: { ...convert.options, check } })
}

function parse(input: unknown): z.output<typeof schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const told = parsed.error.issues.map(({ path, message }) => `${['input', ...path].join('.')}: ${message}`)
  throw new RaincheckError('INVALID_INPUT', `convert was called with a wrong input: ${told.join('; ')}`)
}
