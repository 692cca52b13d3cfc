import { isWebAddress, markdownLink } from '../markdown/link.js'
import type { Archive } from '../office/archive.js'
import { formatNumber } from '../office/number-format.js'
import type { SheetTable } from '../office/sheet-table.js'
import { childElements, find, textOf, type XmlElement } from '../xml.js'
import type { Relationship } from './parts.js'
import { stringText, type Workbook } from './xlsx-workbook.js'

export interface SheetSource {
  workbook: Workbook
  part: string
  relationships: Map<string, Relationship>
}

/** Reads a sheet row by row; nothing of a row is kept but its text. */
export async function readRows(archive: Archive, source: SheetSource, table: SheetTable): Promise<void> {
  const links = await readLinks(archive, source)
  let number = 0
  const row = (element: XmlElement) => {
    number = Number(element.attributes.r ?? number + 1)
    const columns: number[] = []
    const texts: string[] = []
    let column = -1
    for (const cell of childElements(element, 'c')) {
      const { r } = cell.attributes
      column = r === undefined ? column + 1 : columnOf(r)
      const text = cellText(cell, source.workbook).trim()
      if (text === '') continue
      const link = r === undefined ? undefined : links.get(r)
      columns.push(column)
      texts.push(link === undefined ? text : markdownLink(text, link))
    }
    table.add(number, columns, texts)
  }
  await archive.xml(source.part, { row })
}

/** The addresses of cells that are links. They stand behind the rows, so a sheet that has some is read twice. */
async function readLinks(
  archive: Archive,
  { part, relationships }: SheetSource,
): Promise<Map<string, string>> {
  const links = new Map<string, string>()
  if (![...relationships.values()].some(({ type }) => type === 'hyperlink')) return links
  const hyperlink = ({ attributes }: XmlElement) => {
    const target = relationships.get(attributes['r:id'] ?? '')?.target
    const [cell = ''] = attributes.ref?.split(':') ?? []
    if (target && isWebAddress(target)) links.set(cell, target)
  }
  await archive.xml(part, { row: () => {}, hyperlink })
  return links
}

const WIDEST = 16_384

function columnOf(reference: string): number {
  let column = 0
  for (const letter of reference.replace(/\d+$/, '')) column = column * 26 + letter.charCodeAt(0) - 64
  if (!(column >= 1 && column <= WIDEST)) throw new Error(`there is no cell ${reference.slice(0, 20)}`)
  return column - 1
}

function cellText(cell: XmlElement, { texts, formats, isFrom1904 }: Workbook): string {
  const inline = find(cell, 'is')
  if (inline) return stringText(inline)
  const value = textOf(find(cell, 'v'))
  // Whatever type it has: a number that is empty would be 0.
  if (value === '') return ''
  switch (cell.attributes.t) {
    case 's':
      return texts[Number(value)] ?? ''
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE'
    case 'str':
    case 'e':
    case 'd':
      return value
    default:
      return numberText(value, formats[Number(cell.attributes.s ?? 0)] ?? '', isFrom1904)
  }
}

function numberText(value: string, format: string, isFrom1904: boolean): string {
  const number = Number(value)
  return !Number.isFinite(number) ? value : formatNumber(number, format, isFrom1904)
}
