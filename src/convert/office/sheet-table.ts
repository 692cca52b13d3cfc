import { XmlTooLarge } from '../xml.js'

/**
 * Gathers the rows of a sheet and writes them as Markdown. A sheet has no beginning or end of its own: what stands
 * together without an empty row in between is a table, from its first filled column to its last; a line alone, such as
 * a title over the table, is a paragraph.
 */
export class SheetTable {
  readonly #room: SheetRoom
  readonly #regions: Row[][] = []
  #lastRow = Number.NEGATIVE_INFINITY
  #cells = 0

  constructor(room: SheetRoom) {
    this.#room = room
  }

  /**
   * Rows come in order; `columns` counts from 0 and is in order, as are the texts, of which none is empty.
   * @param count How many such rows there are.
   */
  add(row: number, columns: number[], texts: string[], count = 1): void {
    if (texts.length === 0) return
    if (row > this.#lastRow + 1) this.#regions.push([])
    this.#lastRow = row + count - 1
    this.#cells += texts.length * count
    if (this.#cells > MOST_CELLS) throw new XmlTooLarge(`it has over ${MOST_CELLS} cells in a sheet`)
    const region = this.#regions.at(-1)
    const last = region?.at(-1)
    // Most rows fill the same columns as the one above, and one string takes less memory than one for each cell.
    const isSame = last?.columns.length === columns.length && last.columns.every((at, i) => at === columns[i])
    const written = { columns: isSame ? last.columns : columns, line: texts.map(clean).join('\n') }
    this.#room.take(written.line.length * count)
    for (let index = 0; index < count; index++) region?.push(written)
  }

  write(): string {
    return this.#regions.map((region) => writeRegion(region, this.#room)).join('\n\n')
  }
}

/** How much text all sheets of a workbook may come to: texts are shared and cells repeated, so a small file may ask for any amount. */
export class SheetRoom {
  #characters = 0

  take(characters: number): void {
    this.#characters += characters
    if (this.#characters > MOST_CHARACTERS) throw new XmlTooLarge('its sheets have too much text')
  }
}

// Twice this, as lines and as a whole, is what memory holds.
const MOST_CHARACTERS = 128_000_000

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

function writeRegion(rows: Row[], room: SheetRoom): string {
  const wide = rows.findIndex(({ columns }) => columns.length > 1)
  // A column of its own is a table as well, unless it is a single cell.
  const start = wide >= 0 ? wide : rows.length === 1 ? 1 : 0
  const titles = rows.slice(0, start).map(({ line }) => line.replaceAll('\\|', '|'))
  return [...titles, ...writeTable(rows.slice(start), room)].join('\n\n')
}

function writeTable(rows: Row[], room: SheetRoom): string[] {
  if (rows.length === 0) return []
  const patterns = new Set(rows.map(({ columns }) => columns))
  const used = [...new Set([...patterns].flat())].sort((a, b) => a - b)
  if (used.length * rows.length > MOST_WRITTEN_CELLS) throw new XmlTooLarge('its cells are too far apart')
  room.take(used.length * rows.length * ' | '.length)
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
