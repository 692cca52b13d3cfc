import { XmlTooLarge } from './xml.js'

/**
 * Gathers the rows of a sheet and writes them as Markdown. A sheet has no beginning or end of its own: what stands
 * together without an empty row in between is a table, from its first filled column to its last; a line alone, such as
 * a title over the table, is a paragraph.
 */
export class SheetTable {
  readonly #regions: Row[][] = []
  #lastRow = Number.NEGATIVE_INFINITY
  #cells = 0

  /** Rows come in order; `columns` counts from 0 and is in order, as are the texts, of which none is empty. */
  add(row: number, columns: number[], texts: string[]): void {
    if (texts.length === 0) return
    if (row > this.#lastRow + 1) this.#regions.push([])
    this.#lastRow = row
    this.#cells += texts.length
    if (this.#cells > MOST_CELLS) throw new XmlTooLarge(`it has over ${MOST_CELLS} cells in a sheet`)
    const region = this.#regions.at(-1)
    const last = region?.at(-1)
    // Most rows fill the same columns as the one above, and one string takes less memory than one for each cell.
    const isSame = last?.columns.length === columns.length && last.columns.every((at, i) => at === columns[i])
    region?.push({ columns: isSame ? last.columns : columns, line: texts.map(clean).join('\n') })
  }

  write(): string {
    return this.#regions.map(writeRegion).join('\n\n')
  }
}

interface Row {
  columns: number[]
  /** The texts of the filled cells, parted by line feeds. */
  line: string
}

const MOST_CELLS = 5_000_000
// Far apart cells make wide tables of nothing.
const MOST_WRITTEN_CELLS = 20_000_000

// GitHub's tables have one line a row.
function clean(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\\(?=\||$)/g, '\\\\')
    .replaceAll('|', '\\|')
    .replace(/<(?=[a-z!/?])/gi, '\\<')
}

function writeRegion(rows: Row[]): string {
  const wide = rows.findIndex(({ columns }) => columns.length > 1)
  // A column of its own is a table as well, unless it is a single cell.
  const start = wide >= 0 ? wide : rows.length === 1 ? 1 : 0
  const titles = rows.slice(0, start).map(({ line }) => line.replaceAll('\\|', '|'))
  return [...titles, ...writeTable(rows.slice(start))].join('\n\n')
}

function writeTable(rows: Row[]): string[] {
  if (rows.length === 0) return []
  const patterns = new Set(rows.map(({ columns }) => columns))
  const used = [...new Set([...patterns].flat())].sort((a, b) => a - b)
  if (used.length * rows.length > MOST_WRITTEN_CELLS) throw new XmlTooLarge('its cells are too far apart')
  const lines = rows.map(({ columns, line }) => {
    const texts = line.split('\n')
    const byColumn = columns.length === used.length ? texts : spread(used, columns, texts)
    return `| ${byColumn.join(' | ')} |`
  })
  lines.splice(1, 0, `|${' --- |'.repeat(used.length)}`)
  return [lines.join('\n')]
}

function spread(used: number[], columns: number[], texts: string[]): string[] {
  const byColumn = new Map(columns.map((column, index) => [column, texts[index]]))
  return used.map((column) => byColumn.get(column) ?? '')
}
