import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename, extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { z } from 'zod'
import { type ConvertInput, type ConvertResult, identify } from '../../convert/index.js'
import { fromModule, type Raincheck } from '../../index.js'

/** How a function is offered to callers from outside, whose input is parsed; those of this package need none. */
export interface Offer<Input, Value> {
  /** In milliseconds. */
  asyncTimeout: number
  /** Makes the function's input of what callers say. */
  input: z.ZodType<Input>
  output: z.ZodType<Value>
}

/** The conversion itself, in a child process. */
export const convertWork = fromModule<typeof import('../../convert/index.js'), 'convert'>(
  new URL('../../convert/index.js', import.meta.url),
  'convert',
)

/** Converts a document. An unchanged file is a hit wherever it lies: its content and the options are the key. */
export function cachedConvert(rain: Raincheck, version: string, offer?: Offer<ConvertInput, ConvertResult>) {
  const options = {
    name: 'convert',
    // Each release may convert better, and must not answer with what an older one made.
    version,
    asyncTimeout: Number.POSITIVE_INFINITY,
    ttl: '1d',
    check: async ({ path, ...options }: ConvertInput) => void (await identify(path, options)),
    key: async ({ path, ...options }: ConvertInput) => ({
      content: await contentHash(path),
      extension: extname(path),
      options,
    }),
    title: ({ path }: ConvertInput) => basename(path),
  } as const
  return rain.cached({ ...options, ...offer } as typeof options)(convertWork)
}

export type ConvertFunction = ReturnType<typeof cachedConvert>

async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('base64url')
}
