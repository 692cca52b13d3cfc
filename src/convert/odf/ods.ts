import type { ConverterContext } from '../convert-context.js'
import { htmlToMarkdown } from '../html/html.js'
import type { Archive } from '../office/archive.js'
import { newElement, type XmlElement } from '../xml.js'
import { readObjects, withOdf } from './document.js'
import { type OdsSheet, sheetVisitors } from './ods-sheets.js'
import { newReader } from './runs.js'
import { readStyles } from './styles.js'
import { frameHtml } from './text.js'

export async function convertOds(path: string, context: ConverterContext): Promise<string> {
  return withOdf(path, 'OpenDocument spreadsheet', context, async (archive, metadata) => {
    const sheets: OdsSheet[] = []
    const content = await archive.xml('content.xml', sheetVisitors(sheets, context))
    context.metadata({ ...metadata, pages: sheets.length })
    const styles = readStyles(content, await archive.xml('styles.xml'))
    const parts = sheets.map(async (sheet) => {
      const heading = `## ${sheet.name}${styles.isHidden(sheet.style) ? ' (hidden)' : ''}`
      const frames = await framesMarkdown(archive, sheet.frames, content, path)
      return [heading, sheet.markdown, frames].filter((part) => part !== '').join('\n\n')
    })
    return (await Promise.all(parts)).join('\n\n')
  })
}

/** Charts, pictures and text boxes that lie over the cells. */
async function framesMarkdown(
  archive: Archive,
  frames: XmlElement[],
  content: XmlElement,
  path: string,
): Promise<string> {
  if (frames.length === 0) return ''
  const shapes = newElement('shapes', {}, frames)
  const reader = newReader(readStyles(content, shapes), await readObjects(archive, shapes))
  const html = frames.map((frame) => frameHtml(frame, reader)).join('')
  return html && (await htmlToMarkdown(html, path)).trim()
}
