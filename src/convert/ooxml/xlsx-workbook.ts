import type { Archive } from '../office/archive.js'
import { builtInFormats } from '../office/number-format.js'
import { childElements, descendants, find, textOf, type XmlElement } from '../xml.js'
import { listedParts, mainPart, partOfType, type Relationship, readRelationships } from './parts.js'

/** What the sheets of a workbook share. */
export interface Workbook {
  sheets: Sheet[]
  /** The texts that cells refer to by number. */
  texts: string[]
  /** The number format of each cell style. */
  formats: string[]
  isFrom1904: boolean
}

export interface Sheet {
  name: string
  part: string
  isHidden: boolean
}

export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const main = await mainPart(archive)
  const workbook = await archive.xml(main)
  const relationships = await readRelationships(archive, main)
  const date1904 = find(workbook, 'workbookPr')?.attributes.date1904
  return {
    sheets: readSheets(archive, workbook, relationships),
    texts: await readTexts(archive, partOfType(relationships, 'sharedStrings')),
    formats: await readFormats(archive, partOfType(relationships, 'styles')),
    isFrom1904: date1904 === '1' || date1904 === 'true',
  }
}

/** The text of a string item, whose runs each have a format; how it is pronounced (`rPh`) stands beside it. */
export function stringText(item: XmlElement): string {
  const runs = childElements(item).filter(({ name }) => name === 't' || name === 'r')
  const text = runs.map((run) => textOf(run.name === 'r' ? find(run, 't') : run)).join('')
  // What XML cannot hold, and an underscore that would look like it.
  return text.replace(/_x([0-9A-F]{4})_/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function readSheets(
  archive: Archive,
  workbook: XmlElement,
  relationships: Map<string, Relationship>,
): Sheet[] {
  const items = childElements(find(workbook, 'sheets'), 'sheet')
  const parts = listedParts(archive, items, relationships)
  return items.map(({ attributes }, index) => ({
    name: attributes.name ?? '',
    part: parts[index] ?? '',
    isHidden: attributes.state === 'hidden' || attributes.state === 'veryHidden',
  }))
}

async function readTexts(archive: Archive, part: string | undefined): Promise<string[]> {
  const texts: string[] = []
  if (part !== undefined) await archive.xml(part, { si: (item) => texts.push(stringText(item)) })
  return texts
}

async function readFormats(archive: Archive, part: string | undefined): Promise<string[]> {
  if (part === undefined) return []
  const styles = await archive.xml(part)
  const own = new Map(
    descendants(find(styles, 'numFmts'), 'numFmt').map(({ attributes }) => [
      Number(attributes.numFmtId),
      attributes.formatCode ?? '',
    ]),
  )
  return childElements(find(styles, 'cellXfs'), 'xf').map(({ attributes }) => {
    const id = Number(attributes.numFmtId ?? 0)
    return own.get(id) ?? builtInFormats[id] ?? ''
  })
}
