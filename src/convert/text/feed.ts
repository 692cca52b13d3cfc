import { readFile } from 'node:fs/promises'
import type { Converter } from '../convert-context.js'
import { damaged } from '../convert-error.js'
import { loadEngine } from '../engine.js'
import { htmlToMarkdown } from '../html/html.js'
import { escapeHtml, unescapeHtml, writeHtml } from '../html/write.js'
import { lowerHeadings } from '../markdown/lines.js'
import { childElements, find, isElement, readXml, textOf, type XmlElement } from '../xml.js'
import { decodeText } from './encoding.js'

/** RSS, RDF and Atom: the feed's title, and each entry under a heading that links to it. */
export const convertFeed: Converter = async (path, { metadata, progress, signal }) => {
  const saxes = await loadEngine('saxes', path, () => import('saxes'))
  const xml = decodeText(await readFile(path)).trimStart()
  const root = await readXml(saxes, [withHtmlEntities(xml)]).catch((cause) => {
    throw damaged(path, 'feed', cause)
  })
  const channel = find(root, 'channel') ?? root
  const title = text(channel, 'title')
  metadata({ title, author: authorOf(channel) })
  const about = text(channel, 'description') ?? text(channel, 'subtitle') ?? ''
  const parts = [await htmlToMarkdown(`<h1>${asHtml(title ?? 'Feed')}</h1><p>${asHtml(about)}</p>`, path)]
  // RDF has its entries beside the channel.
  const entries = [channel, ...(root === channel ? [] : [root])].flatMap((parent) => [
    ...childElements(parent, 'item'),
    ...childElements(parent, 'entry'),
  ])
  for (const [index, entry] of entries.entries()) {
    signal?.throwIfAborted()
    parts.push(await writeEntry(entry, path))
    progress?.({
      current: index + 1,
      total: entries.length,
      message: `entry ${index + 1} of ${entries.length}`,
    })
  }
  return parts.map((part) => part.trim()).join('\n\n')
}

async function writeEntry(entry: XmlElement, path: string): Promise<string> {
  const title = asHtml(text(entry, 'title') ?? text(entry, 'pubDate') ?? 'Untitled')
  const link = linkOf(entry)
  const heading = `<h2>${link ? `<a href="${escapeHtml(link)}">${title}</a>` : title}</h2>`
  const date = ['pubDate', 'published', 'updated', 'date'].map((name) => text(entry, name)).find(Boolean)
  const byline = [date, authorOf(entry)].filter(Boolean).join(' · ')
  const body = await htmlToMarkdown(bodyOf(entry), path)
  const head = await htmlToMarkdown(`${heading}<p>${escapeHtml(byline)}</p>`, path)
  return `${head.trim()}\n\n${lowerHeadings(body, 2).trim()}`
}

// The whole text where the feed has it, else its summary. What else has one of these names is of a picture or a film.
const BODIES = {
  entry: ['content', 'summary', 'description'],
  item: ['encoded', 'description', 'content', 'summary'],
}

function bodyOf(entry: XmlElement): string {
  const isAtom = entry.name === 'entry'
  const body = BODIES[isAtom ? 'entry' : 'item'].map((name) => find(entry, name))
  const filled = body.find((element) => element?.children.some((child) => isElement(child) || child.trim()))
  if (!filled) return ''
  if (filled.children.some(isElement)) return filled.children.map(writeHtml).join('')
  // Atom's elements are plain text unless they say otherwise (RFC 4287, 3.1.1); RSS has HTML in all.
  const type = filled.attributes.type ?? (isAtom ? 'text' : 'html')
  return /^text(?:\/plain)?$/.test(type) ? `<p>${escapeHtml(textOf(filled))}</p>` : textOf(filled)
}

function linkOf(entry: XmlElement): string | undefined {
  const links = childElements(entry, 'link')
  const main = links.find(({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate') ?? links[0]
  return main?.attributes.href ?? (textOf(main).trim() || undefined)
}

function authorOf(element: XmlElement): string | undefined {
  return text(find(element, 'author'), 'name') ?? text(element, 'creator') ?? text(element, 'author')
}

function text(element: XmlElement | undefined, name: string): string | undefined {
  return (
    unescapeHtml(textOf(find(element, name)))
      .replace(/\s+/g, ' ')
      .trim() || undefined
  )
}

// Of the entities in it the engine knows the names.
function asHtml(plain: string): string {
  return escapeHtml(plain).replace(/&amp;(?=\w+;)/g, '&')
}

// Many feeds use HTML's entities, which XML does not know; the HTML engine resolves them.
function withHtmlEntities(xml: string): string {
  return xml.replace(
    /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/gi,
    (match) => (match === '&' ? '&amp;' : match),
  )
}
