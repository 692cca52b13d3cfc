import { setImmediate } from 'node:timers/promises'
import type { ConverterContext } from '../convert-context.js'
import { htmlToMarkdown } from '../html/html.js'
import { type Archive, withArchive } from '../office/archive.js'
import { SheetRoom, SheetTable } from '../office/sheet-table.js'
import { shapesHtml } from './drawing-shapes.js'
import { partOfType, readCoreProperties, readRelationships } from './parts.js'
import { readRows } from './xlsx-rows.js'
import { readWorkbook, type Sheet, type Workbook } from './xlsx-workbook.js'

export async function convertXlsx(path: string, context: ConverterContext): Promise<string> {
  return withArchive(path, 'Excel workbook', context, async (archive) => {
    const workbook = await readWorkbook(archive)
    const total = workbook.sheets.length
    context.metadata({ ...(await readCoreProperties(archive)), pages: total })
    const sheets: string[] = []
    const room = new SheetRoom()
    for (const [index, sheet] of workbook.sheets.entries()) {
      await setImmediate()
      context.signal?.throwIfAborted()
      sheets.push(await writeSheet({ archive, workbook, path, room }, sheet))
      context.progress?.({ current: index + 1, total, message: `sheet ${index + 1} of ${total}` })
    }
    return sheets.join('\n\n')
  })
}

interface Book {
  archive: Archive
  workbook: Workbook
  path: string
  room: SheetRoom
}

async function writeSheet({ archive, workbook, path, room }: Book, sheet: Sheet): Promise<string> {
  const relationships = await readRelationships(archive, sheet.part)
  const table = new SheetTable(room)
  await readRows(archive, { workbook, part: sheet.part, relationships }, table)
  const heading = `## ${sheet.name}${sheet.isHidden ? ' (hidden)' : ''}`
  const drawing = partOfType(relationships, 'drawing')
  const parts = [
    heading,
    table.write(),
    drawing === undefined ? '' : await drawingMarkdown(archive, drawing, path),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

/** Charts, pictures and text boxes that lie over the cells. */
async function drawingMarkdown(archive: Archive, part: string, path: string): Promise<string> {
  const relationships = await readRelationships(archive, part)
  const drawing = await archive.xml(part)
  const html = await shapesHtml(drawing, { archive, relationships, stylesOf: () => [] })
  return html && (await htmlToMarkdown(html, path)).trim()
}
