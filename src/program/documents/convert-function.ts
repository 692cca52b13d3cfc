import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { basename, extname } from 'node:path'
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

const CHUNK_BYTES = 64 * 1024

async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path)
  try {
    // Without a stream, which a short command would load for this alone.
    const chunk = Buffer.alloc(CHUNK_BYTES)
    for (let read = -1; read !== 0; ) {
      read = (await file.read(chunk, 0, CHUNK_BYTES)).bytesRead
      hash.update(chunk.subarray(0, read))
    }
  } finally {
    await file.close()
  }
  return hash.digest('base64url')
}
