import { posix } from 'node:path'
import { decodeText } from '../text/encoding.js'
import {
  childElements,
  descendants,
  find,
  readXml,
  type SaxesModule,
  textOf,
  type XmlElement,
} from '../xml.js'
import type { ZipParts } from '../zip/parts.js'

export interface Book {
  title: string | undefined
  author: string | undefined
  /** In reading order; the label is the one of the table of contents. */
  chapters: { name: string; label: string | undefined }[]
}

/** What a book consists of, as its package document tells. */
export async function readPackage(saxes: SaxesModule, parts: ZipParts): Promise<Book> {
  const xml = async (name: string) => readXml(saxes, [decodeText(await parts.read(name))])
  const container = await xml('META-INF/container.xml')
  const root = descendants(container, 'rootfile')[0]?.attributes['full-path'] ?? ''
  const opf = await xml(root)
  const items = readItems(opf, root)
  const contents = [...items.values()].find(({ isContents }) => isContents)
  // A book without a readable table of contents is still a book.
  const labels = contents
    ? await xml(contents.name).then((toc) => readLabels(toc, contents.name), noLabels)
    : noLabels()
  const names = new Set(parts.names)
  const chapters = childElements(find(opf, 'spine'), 'itemref').flatMap(({ attributes }) => {
    const item = items.get(attributes.idref ?? '')
    return item?.isText && names.has(item.name) ? { name: item.name, label: labels.get(item.name) } : []
  })
  if (chapters.length === 0) throw new Error('its list of chapters is empty')
  return { ...readMetadata(find(opf, 'metadata')), chapters }
}

/** A part's name, from a reference that stands in another part. */
export function partName(from: string, reference: string): string {
  const [target = ''] = reference.split('#')
  return posix.join(posix.dirname(from), unescaped(target))
}

const NCX = 'application/x-dtbncx+xml'

function readItems(opf: XmlElement, root: string) {
  const items = childElements(find(opf, 'manifest'), 'item').map(({ attributes }) => {
    const mediaType = attributes['media-type'] ?? ''
    const isNavigation = /\bnav\b/.test(attributes.properties ?? '')
    const item = {
      name: partName(root, attributes.href ?? ''),
      isContents: isNavigation || mediaType === NCX,
      isText: !isNavigation && /html|xml$/.test(mediaType),
    }
    return [attributes.id ?? '', item] as const
  })
  return new Map(items)
}

function readMetadata(metadata: XmlElement | undefined) {
  const authors = childElements(metadata, 'creator').map((creator) => textOf(creator).trim())
  return {
    title: textOf(find(metadata, 'title')).trim() || undefined,
    author: authors.filter((author) => author !== '').join(', ') || undefined,
  }
}

// Of several entries for one file, the first is the chapter's own.
function readLabels(toc: XmlElement, from: string): Map<string, string> {
  const links = [
    ...descendants(toc, 'a').map((link) => ({ target: link.attributes.href, label: textOf(link) })),
    ...descendants(toc, 'navPoint').map((point) => ({
      target: find(point, 'content')?.attributes.src,
      label: textOf(find(point, 'navLabel')),
    })),
  ]
  const named = links.map(
    ({ target = '', label }) => [partName(from, target), label.replace(/\s+/g, ' ').trim()] as const,
  )
  return new Map(named.filter(([, label]) => label !== '').reverse())
}

function noLabels(): Map<string, string> {
  return new Map()
}

function unescaped(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}
