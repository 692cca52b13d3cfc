import { noteMark } from '../html/notes.js'
import { escapeHtml } from '../html/write.js'
import type { Block, Paragraph, RtfDocument, Run, Table } from './document.js'

/** The level of a paragraph that is a heading. */
export type HeadingLevel = (paragraph: Paragraph) => number | undefined

/** Headings by their outline level or the name of their style; where a document has neither, by the size of letters. */
export function headingLevels({ blocks, styles }: RtfDocument): HeadingLevel {
  const byStyle = ({ format }: Paragraph) => {
    const style = format.style > 0 ? styles.get(format.style) : undefined
    const level = format.outlineLevel ?? style?.outlineLevel ?? levelOfName(style?.name)
    return level === undefined || level >= BODY_TEXT ? undefined : Math.min(level, DEEPEST) + 1
  }
  const paragraphs = blocks.filter((block) => block.kind === 'paragraph')
  return paragraphs.some((paragraph) => byStyle(paragraph) !== undefined) ? byStyle : bySize(paragraphs)
}

export function writeBlocks(blocks: Block[], levelOf: HeadingLevel): string {
  const parts: string[] = []
  let at = 0
  while (at < blocks.length) {
    const list = takeItems(blocks, at)
    const block = blocks[at] as Block
    if (list.length > 0) parts.push(writeList(list))
    else parts.push(block.kind === 'table' ? writeTable(block, levelOf) : writeParagraph(block, levelOf))
    at += Math.max(1, list.length)
  }
  return parts.join('\n')
}

const BODY_TEXT = 9
const DEEPEST = 5
const LARGER = 1.12
const LONGEST_HEADING = 200

function levelOfName(name: string | undefined): number | undefined {
  if (/^title$/i.test(name ?? '')) return 0
  const [, number] = /^heading (\d)$/i.exec(name ?? '') ?? []
  return number ? Number(number) - 1 : undefined
}

function bySize(paragraphs: Paragraph[]): HeadingLevel {
  const letters = new Map<number, number>()
  for (const { text, size } of paragraphs.flatMap(({ runs }) => runs)) {
    letters.set(size, (letters.get(size) ?? 0) + text.trim().length)
  }
  const [body = 0] = [...letters].sort(([, a], [, b]) => b - a)[0] ?? []
  const sizes = paragraphs
    .flatMap((paragraph) => titleSize(paragraph) ?? [])
    .filter((size) => size > body * LARGER)
  const ranks = [...new Set(sizes)].sort((a, b) => b - a)
  return (paragraph) => {
    const rank = ranks.indexOf(titleSize(paragraph) ?? 0)
    return rank < 0 ? undefined : Math.min(rank, DEEPEST) + 1
  }
}

// The one size of all its letters, if it is short enough for a title.
function titleSize({ runs, item }: Paragraph): number | undefined {
  const filled = runs.filter(({ text }) => text.trim() !== '')
  const length = filled.reduce((sum, { text }) => sum + text.length, 0)
  const [first] = filled
  const isTitle = !item && length < LONGEST_HEADING && filled.every(({ size }) => size === first?.size)
  return isTitle ? first?.size : undefined
}

function writeParagraph(paragraph: Paragraph, levelOf: HeadingLevel): string {
  const level = levelOf(paragraph)
  if (level === undefined) return `<p>${writeRuns(paragraph.runs)}</p>`
  // Headings are set in bold, which says nothing about a word in them.
  return `<h${level}>${writeRuns(paragraph.runs.map((run) => ({ ...run, bold: false, italic: false })))}</h${level}>`
}

function writeRuns(runs: Run[]): string {
  return runs.map(writeRun).join('')
}

function writeRun({ kind, text, bold, italic, strike, link }: Run): string {
  if (kind === 'note') return noteMark(Number(text))
  if (kind === 'image') return `<img src="image" alt="${escapeHtml(text)}">`
  const marks = [bold ? 'strong' : '', italic ? 'em' : '', strike ? 's' : ''].filter((tag) => tag !== '')
  const html = escapeHtml(text).replaceAll('\n', '<br>').replaceAll('\t', ' ')
  if (text.trim() === '') return html
  const marked = marks.reduce((inner, tag) => `<${tag}>${inner}</${tag}>`, html)
  return link ? `<a href="${escapeHtml(link)}">${marked}</a>` : marked
}

function writeTable({ rows }: Table, levelOf: HeadingLevel): string {
  const lines = rows.map(
    (cells) => `<tr>${cells.map((cell) => `<td>${writeBlocks(cell, levelOf)}</td>`).join('')}</tr>`,
  )
  return `<table>${lines.join('\n')}</table>`
}

type Item = Paragraph & { item: NonNullable<Paragraph['item']> }

function takeItems(blocks: Block[], from: number): Item[] {
  const items: Item[] = []
  for (let block = blocks[from]; isItem(block); block = blocks[from + items.length]) items.push(block)
  return items
}

function isItem(block: Block | undefined): block is Item {
  return block?.kind === 'paragraph' && block.item !== undefined
}

// Each item is at the depth that its indentation has among those of the list.
function writeList(items: Item[]): string {
  let html = ''
  const open: { depth: number; tag: string }[] = []
  for (const { item, runs } of items) {
    const number = /^\(?(\d+)[.)]/.exec(item.marker)?.[1]
    const tag = number || /^\(?[a-zA-Z]{1,4}[.)]/.test(item.marker) ? 'ol' : 'ul'
    while (open.length > 0 && (open.at(-1)?.depth ?? 0) > item.depth) html += `</li></${open.pop()?.tag}>`
    const last = open.at(-1)
    if (last?.depth === item.depth && last.tag === tag) html += '</li>'
    else {
      if (last?.depth === item.depth) html += `</li></${open.pop()?.tag}>`
      html += tag === 'ol' && number ? `<ol start="${number}">` : `<${tag}>`
      open.push({ depth: item.depth, tag })
    }
    html += `<li>${writeRuns(runs)}`
  }
  return (
    html +
    open
      .reverse()
      .map(({ tag }) => `</li></${tag}>`)
      .join('')
  )
}
