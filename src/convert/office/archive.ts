import { open, stat } from 'node:fs/promises'
import { TextDecoder } from 'node:util'
import type { ConvertContext } from '../convert-context.js'
import { ConvertError, damaged } from '../convert-error.js'
import { loadEngine } from '../engine.js'
import { newElement, readXml, type XmlElement, XmlTooLarge, type XmlVisitors } from '../xml.js'
import { readZipDirectory, streamZipEntry } from '../zip/zip.js'

/** The parts of an office document, whose names are paths inside it. */
export interface Archive {
  has(part: string): boolean
  /** The part's XML; one that is missing is read as an empty element, since most parts may be. */
  xml(part: string, visitors?: XmlVisitors): Promise<XmlElement>
}

/** Opens the document for as long as the work takes; what fails in it is told in one line, as damage of `what`. */
export async function withArchive<T>(
  path: string,
  what: string,
  { signal }: Pick<ConvertContext, 'signal'>,
  work: (archive: Archive) => Promise<T>,
): Promise<T> {
  const saxes = await loadEngine('saxes', path, () => import('saxes'))
  const file = await open(path, 'r')
  try {
    const entries = await readZipDirectory(file, (await stat(path)).size)
    const parts = new Map(entries.map((entry) => [entry.name, entry]))
    return await work({
      has: (part) => parts.has(part),
      xml: async (part, visitors) => {
        const entry = parts.get(part)
        return entry ? readXml(saxes, decode(streamZipEntry(file, entry), signal), visitors) : MISSING
      },
    })
  } catch (cause) {
    throw signal?.aborted ? cause : told(path, what, cause)
  } finally {
    await file.close()
  }
}

const MISSING = newElement('')

async function* decode(
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    decoder ??= new TextDecoder(encodingOf(chunk))
    yield decoder.decode(chunk, { stream: true })
  }
  if (decoder) yield decoder.decode()
}

// Office documents are UTF-8 or UTF-16, the latter with its mark.
function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8'
}

function told(path: string, what: string, cause: unknown): unknown {
  if (cause instanceof ConvertError) return cause
  if (!(cause instanceof XmlTooLarge)) return damaged(path, what, cause)
  return new ConvertError('FILE_TOO_LARGE', `${path}: is too large (${cause.message}); split the document`, {
    cause,
  })
}
