import { posix } from 'node:path'
import type { ConvertContext, DocumentMetadata } from '../convert-context.js'
import { ConvertError } from '../convert-error.js'
import { type Archive, withArchive } from '../office/archive.js'
import { descendants, find, textOf, type XmlElement } from '../xml.js'
import { chartTableHtml } from './chart.js'
import { mathMlText } from './mathml-text.js'

/** Opens an OpenDocument file for as long as the work takes, which is given what the file says about itself. */
export async function withOdf<T>(
  path: string,
  what: string,
  context: ConvertContext,
  work: (archive: Archive, metadata: DocumentMetadata) => Promise<T>,
): Promise<T> {
  return withArchive(path, what, context, async (archive) => {
    const manifest = await archive.xml('META-INF/manifest.xml')
    // Each part is encrypted by itself, which the archive does not know of.
    if (descendants(manifest, 'encryption-data').length > 0) {
      throw new ConvertError('FILE_ENCRYPTED', `${path}: is encrypted; save it without a password`)
    }
    return work(archive, readMetadata(await archive.xml('meta.xml')))
  })
}

/** A chart, which stands by itself, or a formula, which is a part of the text. */
export type OdfObject = { html: string } | { formula: string }

/** The charts and formulas in a document, by the address under which its frames have them. */
export async function readObjects(archive: Archive, content: XmlElement): Promise<Map<string, OdfObject>> {
  const objects = new Map<string, OdfObject>()
  const addresses = descendants(content, 'object').flatMap(({ attributes }) => attributes['xlink:href'] ?? [])
  for (const address of new Set(addresses)) {
    const object = readObject(await archive.xml(posix.join(address, 'content.xml')))
    if (object) objects.set(address, object)
  }
  return objects
}

function readMetadata(meta: XmlElement): DocumentMetadata {
  const properties = find(meta, 'meta')
  const text = (name: string) => textOf(find(properties, name)).trim() || undefined
  const statistic = find(properties, 'document-statistic')?.attributes ?? {}
  const pages = Number(statistic['meta:page-count'])
  return {
    title: text('title'),
    author: text('initial-creator') ?? text('creator'),
    pages: pages > 0 ? pages : undefined,
  }
}

function readObject(root: XmlElement): OdfObject | undefined {
  if (root.name === 'math') return { formula: mathMlText(root) }
  const chart = find(root, 'body', 'chart', 'chart')
  return chart && { html: chartTableHtml(chart) }
}
