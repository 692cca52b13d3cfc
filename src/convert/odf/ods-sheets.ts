import type { ConvertContext } from '../convert-context.js'
import { isWebAddress, markdownLink } from '../markdown/link.js'
import { formatNumber } from '../office/number-format.js'
import { SheetRoom, SheetTable } from '../office/sheet-table.js'
import { childElements, descendants, find, type XmlElement, XmlTooLarge, type XmlVisitors } from '../xml.js'

export interface OdsSheet {
  name: string
  style: string | undefined
  markdown: string
  /** What lies over the cells. */
  frames: XmlElement[]
}

/** Read rows as they end, and give a sheet with all that is in it as soon as its last row has been read. */
export function sheetVisitors(sheets: OdsSheet[], context: ConvertContext): XmlVisitors {
  const room = new SheetRoom()
  let open = emptySheet(room)
  return {
    'table-row': (row, around) => {
      if (!around.some(({ name }) => name === 'table-row')) addRow(open, row)
    },
    table: (table, around) => {
      if (around.at(-1)?.name !== 'spreadsheet') return
      const frames = [...childElements(find(table, 'shapes')), ...open.frames]
      const { 'table:name': name = '', 'table:style-name': style } = table.attributes
      sheets.push({ name, style, markdown: open.table.write(), frames })
      open = emptySheet(room)
      context.progress?.({ current: sheets.length, message: `sheet ${sheets.length}` })
    },
  }
}

interface OpenSheet {
  table: SheetTable
  nextRow: number
  frames: XmlElement[]
}

function emptySheet(room: SheetRoom): OpenSheet {
  return { table: new SheetTable(room), nextRow: 0, frames: [] }
}

// A sheet is filled up to its last row and column with cells that are declared as one, repeated.
function addRow(sheet: OpenSheet, row: XmlElement): void {
  const { columns, texts } = readCells(row, sheet)
  const count = repeats(row, 'table:number-rows-repeated')
  sheet.table.add(sheet.nextRow, columns, texts, count)
  sheet.nextRow += count
}

const WIDEST = 16_384

function readCells(row: XmlElement, { frames }: OpenSheet): { columns: number[]; texts: string[] } {
  const columns: number[] = []
  const texts: string[] = []
  let column = 0
  for (const cell of childElements(row)) {
    const count = repeats(cell, 'table:number-columns-repeated')
    const text = cell.name === 'table-cell' ? cellText(cell).trim() : ''
    if (text !== '' && column + count > WIDEST) throw new XmlTooLarge(`a row has over ${WIDEST} cells`)
    for (let index = 0; text !== '' && index < count; index++) {
      columns.push(column + index)
      texts.push(text)
    }
    column += count
    frames.push(...childElements(cell).filter(({ name }) => name !== 'p' && name !== 'annotation'))
  }
  return { columns, texts }
}

function repeats({ attributes }: XmlElement, name: string): number {
  return Math.max(1, Number(attributes[name] ?? 1) || 1)
}

function cellText(cell: XmlElement): string {
  const { attributes } = cell
  const type = attributes['office:value-type']
  const value = attributes[type === 'float' ? 'office:value' : `office:${type}-value`]
  if (value === undefined) return shownText(cell)
  switch (type) {
    case 'float':
      return formatNumber(Number(value), '')
    case 'date':
      return dateText(value)
    case 'time':
      return timeText(value)
    case 'boolean':
      return value.toUpperCase()
    default:
      return shownText(cell) || value
  }
}

// Some writers have nanoseconds in each date, and midnight in those without a time.
function dateText(date: string): string {
  return date.replace(/(?:\.\d+)?Z?$/, '').replace(/T(?:00:00:00)?/, ' ')
}

// PT30H05M00S is 30:05:00.
function timeText(duration: string): string {
  return duration.replace(/^(-?)PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$/, '$1$2:$3:$4')
}

function shownText(cell: XmlElement): string {
  return childElements(cell, 'p').map(paragraphText).join(' ')
}

function paragraphText(paragraph: XmlElement): string {
  const text = spacedText(paragraph)
  const [link, ...others] = descendants(paragraph, 'a')
  const address = link?.attributes['xlink:href'] ?? ''
  // A link that is a part of the cell's text only is left out; its text is not.
  const isWhole = link && others.length === 0 && spacedText(link).trim() === text.trim()
  return isWhole && isWebAddress(address) ? markdownLink(text, address) : text
}

function spacedText(element: XmlElement): string {
  const parts = element.children.map((child) => {
    if (typeof child === 'string') return child
    if (child.name === 's' || child.name === 'tab' || child.name === 'line-break') return ' '
    return child.name === 'annotation' ? '' : spacedText(child)
  })
  return parts.join('')
}
