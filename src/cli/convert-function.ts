import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename, extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { identify } from '../convert/index.js'
import { createRaincheck, fromModule, processPool, type Raincheck } from '../index.js'

/** Heap of a converting child, in MB: a document that needs more is refused instead of taking the machine down. */
const MEMORY_LIMIT_MB = 1_024

const work = fromModule<typeof import('../convert/index.js'), 'convert'>(
  new URL('../convert/index.js', import.meta.url),
  'convert',
)

/** The bundled job, each conversion in a child process, with what it takes to end it. */
export function openConverter(version: string) {
  const pool = processPool({ memoryLimit: MEMORY_LIMIT_MB })
  // The child loads its engine while this process opens the store.
  pool.warm(work)
  const rain = createRaincheck({ store: 'sqlite', app: 'raincheck', backend: pool })
  return { rain, convert: cachedConvert(rain, version) }
}

/** An unchanged file is a hit wherever it lies: its content is the key. */
function cachedConvert(rain: Raincheck, version: string) {
  return rain.cached({
    name: 'convert',
    // Each release may convert better, and must not answer with what an older one made.
    version,
    asyncTimeout: Number.POSITIVE_INFINITY,
    ttl: '1d',
    check: async ({ path }: { path: string }) => void (await identify(path)),
    key: async ({ path }: { path: string }) => ({
      content: await contentHash(path),
      extension: extname(path),
    }),
    title: ({ path }: { path: string }) => basename(path),
  })(work)
}

async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('base64url')
}
