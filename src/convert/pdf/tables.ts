import type { Cell, Line } from './lines.js'

export interface Table {
  rows: string[][]
  /** A form ("Name: …") or a table of contents has rows but no head row, so it reads better as a list. */
  isList: boolean
}

/**
 * Finds tables by their columns: lines one below another whose cells begin, end or are centred at the same places.
 * Borders are drawings and not looked at. What is no table comes back line by line.
 */
export function findTables(lines: Line[]): (Line | Table)[] {
  const found: (Line | Table)[] = []
  let at = 0
  while (at < lines.length) {
    const taken = takeContents(lines, at) ?? takeTable(lines, at)
    if (taken) found.push(taken.table)
    else found.push(lines[at] as Line)
    at += taken?.length ?? 1
  }
  return found
}

interface Draft {
  columns: Cell[]
  rows: string[][]
  last: Line
}

// In units of the font size.
const ALIGNED_WITHIN = 0.5
const ROW_DISTANCE = 3.2
// Lines of two halves this long are prose in two columns.
const PROSE_CELL = 45

interface Taken {
  table: Table
  length: number
}

function takeTable(lines: Line[], from: number): Taken | undefined {
  const first = lines[from]
  if (!first || first.cells.length < 2 || isMarked(first)) return undefined
  const draft: Draft = { columns: first.cells, rows: [first.cells.map(({ text }) => text)], last: first }
  let length = 1
  for (let line = lines[from + length]; line && addLine(draft, line); line = lines[from + length]) length++
  if (!isTable(draft.rows)) return undefined
  return { table: { rows: draft.rows, isList: isForm(draft.rows) }, length }
}

// Entries are indented by their level, so it is the page numbers alone that stand in a column.
function takeContents(lines: Line[], from: number): Taken | undefined {
  let length = 0
  for (let line = lines[from]; line && pageNumber(line) !== undefined; line = lines[from + length]) {
    const last = lines[from + length - 1]
    if (length > 0 && last && !followsEntry(last, line)) break
    length++
  }
  if (length < 3) return undefined
  const rows = lines.slice(from, from + length).map(({ cells }) => cells.map(({ text }) => text))
  return { table: { rows, isList: true }, length }
}

function pageNumber(line: Line): number | undefined {
  const last = line.cells.length === 2 ? line.cells[1]?.text : undefined
  return last && /^\d{1,4}$/.test(last) ? Number(last) : undefined
}

function followsEntry(last: Line, line: Line): boolean {
  const ascends = (pageNumber(line) ?? 0) >= (pageNumber(last) ?? 0)
  return ascends && line.y < last.y && Math.abs(line.right - last.right) <= ALIGNED_WITHIN * line.size
}

function addLine(draft: Draft, line: Line): boolean {
  const distance = draft.last.y - line.y
  const size = Math.max(draft.last.size, line.size)
  if (distance <= 0.5 * size || distance > ROW_DISTANCE * size || isMarked(line)) return false
  const places = line.cells.map((cell) => draft.columns.findIndex((column) => aligned(cell, column, size)))
  if (places.includes(-1) || new Set(places).size < places.length) return false
  if (places.length === 1 && places[0] !== 0) continueRow(draft, line, places)
  else if (places.length < 2) return false
  else draft.rows.push(draft.columns.map((_, column) => line.cells[places.indexOf(column)]?.text ?? ''))
  draft.last = line
  return true
}

// A line with text in one column only, and not the first, carries on the row above it.
function continueRow(draft: Draft, line: Line, places: number[]): void {
  const row = draft.rows.at(-1)
  line.cells.forEach(({ text }, index) => {
    const column = places[index] ?? 0
    if (row) row[column] = `${row[column]} ${text}`.trim()
  })
}

function aligned(cell: Cell, column: Cell, size: number): boolean {
  const tolerance = ALIGNED_WITHIN * size
  const middle = (cell.left + cell.right - column.left - column.right) / 2
  return [cell.left - column.left, cell.right - column.right, middle].some(
    (off) => Math.abs(off) <= tolerance,
  )
}

function isMarked(line: Line): boolean {
  return (
    line.cells.length === 2 &&
    /^(?:[•◦▪‣·●○■–*-]|\(?\d{1,3}[.)]|\(?[a-z][.)])$/.test(line.cells[0]?.text ?? '')
  )
}

function isTable(rows: string[][]): boolean {
  const columns = rows[0]?.length ?? 0
  if (rows.length < 2 || (columns < 3 && rows.length < 3 && !isForm(rows))) return false
  const letters = rows.flat().reduce((sum, text) => sum + text.length, 0)
  return columns > 2 || letters / rows.length / columns < PROSE_CELL
}

function isForm(rows: string[][]): boolean {
  return rows.every((row) => row.length === 2 && /[:：]$/.test(row[0] ?? ''))
}
