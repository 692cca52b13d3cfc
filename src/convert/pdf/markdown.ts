import { type Block, lineText, readBlocks } from './blocks.js'
import type { Line } from './lines.js'
import type { Table } from './tables.js'

/** A document's lines, page by page, as Markdown; a page break is a rule. */
export function writeMarkdown(pages: Line[][], pageBreaks: boolean): string {
  const blocks = readBlocks(pages, pageBreaks)
  const join = lineJoiner(pages.flat())
  let indents: number[] = []
  const parts = blocks.map((block, index) => {
    indents =
      block.kind === 'item' ? [...indents.filter((left) => left < leftOf(block) - 2), leftOf(block)] : []
    const inList = block.kind === 'item' && blocks[index + 1]?.kind === 'item'
    return writeBlock(block, join, Math.max(0, indents.length - 1)) + (inList ? '\n' : '\n\n')
  })
  return parts.join('')
}

function leftOf(block: { lines: Line[] }): number {
  return block.lines[0]?.left ?? 0
}

function writeBlock(block: Block, join: (lines: Line[]) => string, depth: number): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escapeTags(join(block.lines))}`
    case 'paragraph':
      return escapeStart(escapeTags(join(block.lines)))
    case 'item':
      return `${'    '.repeat(depth)}${block.marker} ${escapeTags(join(block.lines).replace(/^\S+\s+/, ''))}`
    case 'table':
      return writeTable(block.table)
    case 'break':
      return '---'
  }
}

function writeTable({ rows, isList }: Table): string {
  if (isList) return rows.map((row) => `- ${escapeTags(row.join(' '))}`).join('\n')
  const [head = [], ...body] = rows.map((row) => row.map((cell) => escapeTags(cell).replaceAll('|', '\\|')))
  const lines = [head, head.map(() => '---'), ...body]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

// Links to the web stand as <https://…> and stay; other text in angle brackets would be taken for HTML.
function escapeTags(text: string): string {
  return text.replace(/<(?=[a-z!/?])(?!(?:https?|mailto|ftp|tel):)/gi, '\\<')
}

function escapeStart(text: string): string {
  return text.replace(/^(?=(?:#{1,6}|[>+*-]|\d{1,9}[.)])(?:\s|$))/, '\\')
}

/**
 * Joins lines with spaces, and the halves of a word broken at a line's end without. Whether the hyphen belongs to the
 * word ("chat-optimized") or to the break ("poten-tially") is told by the words in the rest of the document.
 */
function lineJoiner(lines: Line[]): (lines: Line[]) => string {
  const words = new Set(lines.flatMap((line) => innerWords(lineText(line))))
  return (block) => block.map(lineText).reduce((text, next) => joinHalves(text, next, words))
}

// Not the last word of a line that ends in a hyphen, which may be half a word.
function innerWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?![\p{L}\p{N}]|-$)/gu) ?? []
}

function joinHalves(text: string, next: string, words: Set<string>): string {
  const [, before] = /(\p{L}+)[-\u00ad\u2010]$/u.exec(text) ?? []
  const [after] = /^\p{Ll}+/u.exec(next) ?? []
  if (!before || !after) return `${text} ${next}`
  const whole = `${before}${after}`.toLowerCase()
  const isCompound =
    !words.has(whole) && before.length > 2 && words.has(before.toLowerCase()) && !text.endsWith('\u00ad')
  return (isCompound ? text : text.slice(0, -1)) + next
}
