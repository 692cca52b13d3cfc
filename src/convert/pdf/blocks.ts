import type { Line } from './lines.js'
import { findTables, type Table } from './tables.js'

export type Block =
  | { kind: 'heading'; level: number; lines: Line[] }
  | { kind: 'paragraph'; lines: Line[] }
  | { kind: 'item'; marker: string; lines: Line[] }
  | { kind: 'table'; table: Table }
  | { kind: 'break' }

/** Groups a document's lines into blocks by size, distance and indentation, with breaks between pages if wanted. */
export function readBlocks(pages: Line[][], pageBreaks: boolean): Block[] {
  const lines = pages.flat()
  const layout = { headings: headingSizes(lines, bodySize(lines)), pitch: linePitch(lines) }
  const blocks = pages.flatMap((page, index): Block[] => {
    const own = readPageBlocks(page, layout)
    return pageBreaks && index > 0 ? [{ kind: 'break' }, ...own] : own
  })
  return blocks.reduce(joinAcrossPages, [])
}

export function lineText(line: Line): string {
  return line.cells.map(({ text }) => text).join(' ')
}

type OpenBlock = Extract<Block, { lines: Line[] }>

interface Layout {
  /** Sizes that are headings, the largest first. */
  headings: number[]
  /** Baseline to baseline within a paragraph, in units of the font size. */
  pitch: number
}

/** Where the lines that begin at about the same place end at most; a line that ends well before has been ended. */
type RightMargin = (line: Line) => number

const HEADING_FROM = 1.12
const DEEPEST_HEADING = 4
const LONGEST_HEADING = 200

function bodySize(lines: Line[]): number {
  const letters = new Map<number, number>()
  for (const line of lines) {
    const size = rounded(line.size)
    letters.set(size, (letters.get(size) ?? 0) + lineText(line).length)
  }
  return [...letters].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0
}

function headingSizes(lines: Line[], body: number): number[] {
  const sizes = lines
    .filter((line) => line.size > body * HEADING_FROM && isTitle(line))
    .map(({ size }) => rounded(size))
  return [...new Set(sizes)].sort((a, b) => b - a)
}

function rounded(size: number): number {
  return Math.round(size * 2) / 2
}

// Half a page of single-line paragraphs must not pass for one paragraph, nor double spacing for many.
const PITCHES = { least: 0.8, usual: 1.2, most: 2.2 }

function linePitch(lines: Line[]): number {
  const pitches = lines.flatMap((line, index) => {
    const next = lines[index + 1]
    const pitch = next && !otherSize(line, next) ? (line.y - next.y) / line.size : 0
    return pitch > PITCHES.least && pitch < PITCHES.most ? pitch : []
  })
  return pitches.sort((a, b) => a - b)[Math.floor(pitches.length / 2)] ?? PITCHES.usual
}

function readPageBlocks(page: Line[], layout: Layout): Block[] {
  const blocks: Block[] = []
  const margin = rightMargin(page)
  for (const part of findTables(page)) {
    const open = blocks.at(-1)
    if ('rows' in part) blocks.push({ kind: 'table', table: part })
    else if (open && 'lines' in open && carriesOn(open, part, layout, margin)) open.lines.push(part)
    else blocks.push(begin(part, layout))
  }
  return blocks.map((block) =>
    block.kind === 'heading' && isTooLong(block) ? { ...block, kind: 'paragraph' } : block,
  )
}

function begin(line: Line, layout: Layout): Block {
  const marker = listMarker(line)
  if (marker) return { kind: 'item', marker, lines: [line] }
  const rank = layout.headings.indexOf(rounded(line.size))
  if (rank < 0 || !isTitle(line)) return { kind: 'paragraph', lines: [line] }
  return { kind: 'heading', level: Math.min(rank + 1, DEEPEST_HEADING), lines: [line] }
}

const MARKER = /^(?:([•◦▪‣·●○■➢✓*–-])|(\d{1,3})[.)])\s+\S/

function listMarker(line: Line): string | undefined {
  const [, bullet, number] = MARKER.exec(lineText(line)) ?? []
  return bullet ? '-' : number && `${number}.`
}

function isTitle(line: Line): boolean {
  const numbered = line.cells.length === 2 && /^[\dA-Z][\d.]*$/.test(line.cells[0]?.text ?? '')
  return (line.cells.length === 1 || numbered) && /\p{L}.*\p{L}/u.test(lineText(line))
}

function isTooLong({ lines }: { lines: Line[] }): boolean {
  return lines.reduce((sum, line) => sum + lineText(line).length, 0) > LONGEST_HEADING
}

function carriesOn(block: OpenBlock, line: Line, layout: Layout, margin: RightMargin): boolean {
  const last = block.lines.at(-1)
  if (!last || otherSize(last, line) || listMarker(line)) return false
  const distance = (last.y - line.y) / last.size
  // Headings are set tighter or wider than the text, so they go by their own size.
  const widest = block.kind === 'heading' ? 1.5 : layout.pitch * 1.3
  if (distance <= 0.4 || distance > widest) return false
  if (block.kind === 'heading') return true
  return sameParagraph(block, last, line) && (isCentred(last, line) || !hadRoom(last, line, margin(last)))
}

function rightMargin(page: Line[]): RightMargin {
  const margins = new Map<number, number>()
  const place = (line: Line) => Math.round(line.left / MARGIN_GRID)
  for (const line of page) margins.set(place(line), Math.max(line.right, margins.get(place(line)) ?? 0))
  return (line) => Math.max(...[-1, 0, 1].map((step) => margins.get(place(line) + step) ?? 0))
}

// In points: about the width of a first line's indentation.
const MARGIN_GRID = 12

// Had the next line's first word fitted, only the end of a paragraph explains that it was not put there.
function hadRoom(last: Line, next: Line, margin: number): boolean {
  const text = lineText(next)
  const firstWord = ((next.right - next.left) * text.split(' ', 1).join().length) / text.length
  return margin - last.right > firstWord + last.size
}

function isCentred(last: Line, line: Line): boolean {
  return (
    Math.abs(line.left - last.left) > 1 &&
    Math.abs(line.left + line.right - last.left - last.right) < line.size
  )
}

// Runs into a paragraph: the same left edge, an indented first line or a hanging one, or the same centre.
function sameParagraph(block: OpenBlock, last: Line, line: Line): boolean {
  const indent = (line.left - last.left) / line.size
  const isSecond = block.lines.length === 1
  if (isCentred(last, line)) return true
  if (indent > 0.8) return isSecond && (block.kind === 'item' || /^\W?\d{1,3}\W?\s/.test(lineText(last)))
  return indent > -0.5 || isSecond
}

function otherSize(a: Line, b: Line): boolean {
  return Math.max(a.size, b.size) > 1.08 * Math.min(a.size, b.size)
}

// A paragraph that ends without a full stop goes on after the page break if that begins in lower case.
function joinAcrossPages(blocks: Block[], block: Block): Block[] {
  const previous = blocks.at(-1)
  const open = previous && 'lines' in previous && previous.kind !== 'heading' ? previous.lines : []
  const lines = block.kind === 'paragraph' ? block.lines : []
  const [last, first] = [open.at(-1), lines[0]]
  const isOpen = last && first && first.y > last.y && !otherSize(last, first)
  if (isOpen && /[\p{L},-]$/u.test(lineText(last)) && /^\p{Ll}/u.test(lineText(first))) open.push(...lines)
  else blocks.push(block)
  return blocks
}
