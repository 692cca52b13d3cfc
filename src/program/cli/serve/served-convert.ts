import { z } from 'zod'
import { describeIssues } from '../../../core/words/schema.js'
import type { HttpFunction } from '../../../http/index.js'
import { type CallOptions, RaincheckError } from '../../../index.js'

/** What a client may say; the limits on documents are the server's. */
const schema = z.strictObject({
  path: z.string(),
  remoteImages: z.enum(['strip', 'keep']).optional(),
  pageBreaks: z.boolean().optional(),
})

/** The bundled conversion, which checks the path itself, for clients of HTTP. */
export function servedConvert(convert: HttpFunction): HttpFunction {
  const call = async (input: unknown, options?: CallOptions) => {
    const { success, error } = schema.safeParse(input)
    if (success) return convert(input as never, options)
    const told = describeIssues('input', error.issues)
    throw new RaincheckError('INVALID_INPUT', `convert was called with a wrong input: ${told}`)
  }
  Object.defineProperty(call, 'name', { value: convert.name })
  return Object.assign(call, { options: convert.options })
}
