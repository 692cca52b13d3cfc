import { escapeHtml } from '../html/write.js'
import type { MadeCells } from '../office/made-cells.js'
import {
  headingHtml,
  type ListItem,
  listHtml,
  paragraphHtml,
  runsHtml,
  tableHtml,
  unwrapped,
} from '../office/office-html.js'
import { childElements, find, isElement, type XmlElement } from '../xml.js'
import type { Numbering } from './docx-numbering.js'
import { type Inline, readInline, type TextReader } from './docx-runs.js'
import { outlineHeading, type ParagraphStyle, wordValue } from './docx-styles.js'
import { contentOf } from './parts.js'

export interface BlockReader extends TextReader {
  numbering: Numbering
  madeCells: MadeCells
}

/** The paragraphs, lists and tables of a text, a cell or a box as HTML. */
export function blocksHtml(parent: XmlElement, reader: BlockReader): string {
  const writer = new BlockWriter()
  for (const block of blocksOf(parent)) {
    if (block.name === 'tbl') writer.add(tableBlock(block, reader))
    else readParagraph(block, reader, writer)
  }
  return writer.end()
}

/** Keeps the items of a list and the lines of code until the list or the code has ended. */
class BlockWriter {
  #html = ''
  #items: ListItem[] = []
  #code: string[] = []
  /** The runs of paragraphs whose ends were deleted: they run into the next one. */
  carried: Inline['runs'] = []

  add(html: string): void {
    if (html === '') return
    this.#close()
    this.#html += html
  }

  addItem(item: ListItem): void {
    if (this.#code.length > 0) this.#close()
    this.#items.push(item)
  }

  addCode(line: string): void {
    if (this.#items.length > 0) this.#close()
    this.#code.push(line)
  }

  end(): string {
    this.#close()
    return this.#html
  }

  #close(): void {
    this.#html += listHtml(this.#items)
    if (this.#code.length > 0) this.#html += `<pre><code>${this.#code.join('\n')}</code></pre>`
    this.#items = []
    this.#code = []
  }
}

// What holds blocks and is none itself.
const WRAPPERS = new Set(['sdt', 'sdtContent', 'customXml', 'smartTag', 'ins', 'moveTo'])

function blocksOf(parent: XmlElement): XmlElement[] {
  return contentOf(parent).flatMap((block) => {
    if (block.name === 'p' || block.name === 'tbl') return block
    return WRAPPERS.has(block.name) ? blocksOf(block) : []
  })
}

function readParagraph(paragraph: XmlElement, reader: BlockReader, writer: BlockWriter): void {
  const properties = find(paragraph, 'pPr')
  const { runs: own, after } = readInline(paragraph, reader)
  const runs = [...writer.carried, ...own]
  const isJoined = find(properties, 'rPr', 'del') !== undefined
  writer.carried = isJoined ? runs : []
  if (!isJoined) addParagraph(runs, properties, reader, writer)
  for (const box of after) writer.add(isElement(box) ? blocksHtml(box, reader) : box)
}

function addParagraph(
  runs: Inline['runs'],
  properties: XmlElement | undefined,
  { styles, numbering }: BlockReader,
  writer: BlockWriter,
): void {
  const style = styles.paragraph(wordValue(properties, 'pStyle'))
  const heading = find(properties, 'outlineLvl') ? outlineHeading(properties) : style.heading
  if (heading !== undefined) writer.add(headingHtml(heading, runs))
  else if (style.isCode) writer.addCode(escapeHtml(runs.map(({ text }) => text).join('')))
  else {
    const html = paragraphHtml(runs)
    // A list's empty paragraphs have no number.
    const item = html === '' ? undefined : numbering.next(numberingOf(properties, style))
    if (item) writer.addItem({ ...item, html: runsHtml(runs) })
    else writer.add(html && style.isQuotation ? `<blockquote>${html}</blockquote>` : html)
  }
}

// A paragraph may change a part only of what its style says: the list, or the level in it.
function numberingOf(properties: XmlElement | undefined, style: ParagraphStyle): XmlElement | undefined {
  const own = find(properties, 'numPr')
  if (!own || !style.numbering || find(own, 'numId')) return own ?? style.numbering
  return { ...own, children: [...own.children, ...childElements(style.numbering, 'numId')] }
}

function tableBlock(table: XmlElement, reader: BlockReader): string {
  const rows = rowsOf(table, 'tr').map((row) => rowCells(row, reader))
  const [only, ...others] = rows.flat()
  // A frame around some text, not a table.
  if (only !== undefined && others.length === 0) return only
  return tableHtml(rows.map((row) => row.map(unwrapped)))
}

function rowsOf(parent: XmlElement, name: string): XmlElement[] {
  return contentOf(parent).flatMap((child) => {
    if (child.name === name) return find(child, 'trPr', 'del') ? [] : child
    return WRAPPERS.has(child.name) ? rowsOf(child, name) : []
  })
}

// As many as Word lets a table have.
const MOST_COLUMNS = 63

function rowCells(row: XmlElement, reader: BlockReader): string[] {
  const before = width(find(row, 'trPr'), 'gridBefore', 0)
  const cells = rowsOf(row, 'tc').flatMap((cell) => {
    const properties = find(cell, 'tcPr')
    const merge = find(properties, 'vMerge')
    const isContinued = merge !== undefined && merge.attributes['w:val'] !== 'restart'
    const html = isContinued ? '' : blocksHtml(cell, reader)
    return [html, ...emptyCells(width(properties, 'gridSpan', 1) - 1, reader)]
  })
  return [...emptyCells(before, reader), ...cells]
}

function emptyCells(count: number, { madeCells }: BlockReader): string[] {
  madeCells.add(Math.max(0, count))
  return Array<string>(Math.max(0, count)).fill('')
}

function width(properties: XmlElement | undefined, name: string, usual: number): number {
  return Math.min(Math.max(0, Number(wordValue(properties, name) ?? usual) || usual), MOST_COLUMNS)
}
