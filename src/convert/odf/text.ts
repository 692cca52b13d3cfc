import { escapeHtml } from '../html/write.js'
import {
  headingHtml,
  type ListItem,
  listHtml,
  paragraphHtml,
  runsHtml,
  tableHtml,
  unwrapped,
} from '../office/office-html.js'
import { childElements, descendants, find, type XmlElement } from '../xml.js'
import { type OdfReader, objectOf, pictureOf, readInline } from './runs.js'

/** What stands in a text, a text box or a cell, as HTML. */
export function blocksHtml(parent: XmlElement, reader: OdfReader): string {
  const html: string[] = []
  let code: string[] = []
  const closeCode = () => {
    if (code.length > 0) html.push(`<pre><code>${code.join('\n')}</code></pre>`)
    code = []
  }
  for (const block of childElements(parent)) {
    if (isCode(block, reader)) code.push(codeLine(block, reader))
    else {
      closeCode()
      html.push(blockHtml(block, reader))
    }
  }
  closeCode()
  return html.join('')
}

/** The notes that have been referred to, each as the paragraph that GitHub takes for one. */
export function notesHtml({ notes }: OdfReader): string {
  return notes.map((runs, index) => `<p>[^${index + 1}]: ${runsHtml(runs)}</p>`).join('')
}

/** A frame: a text box, a table, a chart or a picture. */
export function frameHtml(frame: XmlElement, reader: OdfReader): string {
  const object = objectOf(frame, reader)
  if (object) return 'html' in object ? object.html : paragraphHtml([{ text: object.formula }])
  const picture = pictureOf(frame)
  return (picture && !find(frame, 'table') && paragraphHtml([picture])) || blocksHtml(frame, reader)
}

// What does not show; the changes are those that were taken back.
const SKIPPED = new Set(['tracked-changes', 'annotation', 'forms', 'notes', 'title', 'desc', 'image'])

function blockHtml(block: XmlElement, reader: OdfReader): string {
  if (SKIPPED.has(block.name)) return ''
  switch (block.name) {
    case 'h':
      return textHtml(block, reader, Number(block.attributes['text:outline-level'] ?? 1))
    case 'p':
      return textHtml(block, reader, headingLevel(block, reader))
    case 'list':
      return listBlockHtml(block, reader)
    case 'table':
      return tableBlockHtml(block, reader)
    case 'frame':
      return frameHtml(block, reader)
    default:
      return blocksHtml(block, reader)
  }
}

function textHtml(block: XmlElement, reader: OdfReader, level: number | undefined): string {
  const { runs, frames } = readInline(block, reader)
  const after = frames.map((frame) => frameHtml(frame, reader)).join('')
  if (level !== undefined) return headingHtml(level, runs) + after
  const html = paragraphHtml(runs)
  return (html && isQuotation(block, reader) ? `<blockquote>${html}</blockquote>` : html) + after
}

function headingLevel({ attributes }: XmlElement, { styles }: OdfReader): number | undefined {
  const style = attributes['text:style-name']
  return styles.outlineLevelOf(style) ?? (styles.lineageOf(style).includes('title') ? 1 : undefined)
}

function isQuotation({ attributes }: XmlElement, { styles }: OdfReader): boolean {
  return styles.lineageOf(attributes['text:style-name']).some((name) => name === 'quotations')
}

function isCode({ name, attributes }: XmlElement, { styles }: OdfReader): boolean {
  return name === 'p' && styles.lineageOf(attributes['text:style-name']).includes('preformatted text')
}

function codeLine(block: XmlElement, reader: OdfReader): string {
  const { runs } = readInline(block, reader)
  return escapeHtml(runs.map(({ text }) => text).join(''))
}

function listBlockHtml(list: XmlElement, reader: OdfReader): string {
  // Numbered headings are headings first, and lists for their numbers only.
  if (descendants(list, 'h').length > 0) return blocksHtml(list, reader)
  return listHtml(numbered(list, listItems(list, reader, 0, undefined), reader))
}

// A list that goes on where another of its style ended begins with the next number.
function numbered({ attributes }: XmlElement, items: ListItem[], { counts }: OdfReader): ListItem[] {
  const style = attributes['text:style-name'] ?? ''
  const goesOn =
    attributes['text:continue-numbering'] === 'true' || attributes['text:continue-list'] !== undefined
  const before = goesOn ? (counts.get(style) ?? 0) : 0
  counts.set(style, before + items.filter(({ depth }) => depth === 0).length)
  return items.map((item, index) => (index === 0 ? { ...item, start: before + 1 } : item))
}

function listItems(
  list: XmlElement,
  reader: OdfReader,
  depth: number,
  inherited: string | undefined,
): ListItem[] {
  const style = list.attributes['text:style-name'] ?? inherited
  const ordered = reader.styles.isNumbered(style, depth)
  return childElements(list).flatMap((item) => {
    const nested = childElements(item, 'list')
    const own = childElements(item).filter(({ name }) => name !== 'list')
    const html = unwrapped(blocksHtml({ ...item, children: own }, reader))
    return [
      ...(html === '' ? [] : [{ depth, ordered, html }]),
      ...nested.flatMap((inner) => listItems(inner, reader, depth + 1, style)),
    ]
  })
}

function tableBlockHtml(table: XmlElement, reader: OdfReader): string {
  const rows = tableRows(table).map((row) =>
    childElements(row).flatMap((cell) => {
      const html = unwrapped(blocksHtml(cell, reader))
      return Array<string>(repeatCount(cell, html, reader)).fill(html)
    }),
  )
  return tableHtml(rows)
}

function repeatCount({ attributes }: XmlElement, html: string, reader: OdfReader): number {
  const count = Math.max(1, Number(attributes['table:number-columns-repeated'] ?? 1) || 1)
  reader.madeCells.add(count - 1, html.length)
  return count
}

// Rows stand in groups: head rows, those that can be folded.
function tableRows(group: XmlElement): XmlElement[] {
  return childElements(group).flatMap((child) => {
    if (child.name === 'table-row') return child
    return /^table-(?:header-rows|rows|row-group)$/.test(child.name) ? tableRows(child) : []
  })
}
