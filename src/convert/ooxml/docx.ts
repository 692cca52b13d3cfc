import type { ConverterContext, DocumentMetadata } from '../convert-context.js'
import { loadEngine } from '../engine.js'
import { htmlToMarkdown } from '../html/html.js'
import { type Archive, withArchive } from '../office/archive.js'
import { MadeCells } from '../office/made-cells.js'
import { runsHtml } from '../office/office-html.js'
import { childElements, descendants, find, newElement, textOf, type XmlElement } from '../xml.js'
import { type BlockReader, blocksHtml } from './docx-blocks.js'
import { FieldStack } from './docx-fields.js'
import { readNumbering } from './docx-numbering.js'
import { readInline } from './docx-runs.js'
import { readStyles } from './docx-styles.js'
import { figureHtml } from './drawing-shapes.js'
import { mainPart, partOfType, type Relationship, readCoreProperties, readRelationships } from './parts.js'

export async function convertDocx(path: string, context: ConverterContext): Promise<string> {
  const symbols = await loadEngine('dingbat-to-unicode', path, () => import('dingbat-to-unicode'))
  const html = await withArchive(path, 'Word document', context, async (archive) => {
    context.metadata(await readMetadata(archive))
    return documentHtml(archive, symbols)
  })
  context.signal?.throwIfAborted()
  return htmlToMarkdown(html, path)
}

async function readMetadata(archive: Archive): Promise<DocumentMetadata> {
  const part = partOfType(await readRelationships(archive, ''), 'extended-properties')
  const pages = Number(part && textOf(find(await archive.xml(part), 'Pages')))
  return { ...(await readCoreProperties(archive)), pages: pages > 0 ? pages : undefined }
}

async function documentHtml(archive: Archive, symbols: BlockReader['symbols']): Promise<string> {
  const main = await mainPart(archive)
  const relationships = await readRelationships(archive, main)
  const read = (type: string) => archive.xml(partOfType(relationships, type) ?? '')
  const document = await archive.xml(main)
  const reader: BlockReader = {
    styles: readStyles(await read('styles')),
    numbering: readNumbering(await read('numbering')),
    figures: await readFigures(archive, document, relationships),
    fields: new FieldStack(),
    madeCells: new MadeCells(),
    notes: [],
    relationships,
    symbols,
  }
  const body = blocksHtml(find(document, 'body') ?? newElement(''), reader)
  return body + (await notesHtml(archive, reader))
}

async function readFigures(
  archive: Archive,
  document: XmlElement,
  relationships: Map<string, Relationship>,
): Promise<Map<string, string>> {
  const ids = descendants(document, 'graphicData').map(
    (data) => find(data, 'chart')?.attributes['r:id'] ?? find(data, 'relIds')?.attributes['r:dm'] ?? '',
  )
  const figures = new Map<string, string>()
  for (const id of new Set(ids)) figures.set(id, await figureHtml(archive, relationships, id))
  return figures
}

/** The notes referred to, each as the paragraph that GitHub takes for one. */
async function notesHtml(archive: Archive, reader: BlockReader): Promise<string> {
  const notes = new Map<string, () => string>()
  for (const kind of ['footnote', 'endnote']) {
    const part = partOfType(reader.relationships, `${kind}s`) ?? ''
    const own = { ...reader, relationships: await readRelationships(archive, part) }
    for (const note of childElements(await archive.xml(part), kind))
      notes.set(`${kind} ${note.attributes['w:id']}`, () => noteHtml(note, own))
  }
  const written = reader.notes.map((name, index) => {
    const html = notes.get(name)?.()
    return html === undefined ? '' : `<p>[^${index + 1}]: ${html}</p>`
  })
  return written.join('')
}

function noteHtml(note: XmlElement, reader: BlockReader): string {
  const paragraphs = descendants(note, 'p').map((paragraph) => readInline(paragraph, reader).runs)
  return runsHtml(paragraphs.flatMap((runs) => [...runs, { text: ' ' }]))
}
