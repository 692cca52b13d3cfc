import type { Archive } from '../office/archive.js'
import { listHtml, paragraphHtml, runsHtml, tableHtml } from '../office/office-html.js'
import { childElements, descendants, find, type XmlElement } from '../xml.js'
import { chartHtml } from './chart.js'
import { type LevelStyles, linkOf, readRuns, textHtml } from './drawing-text.js'
import { contentOf, type Relationship } from './parts.js'

export interface ShapeContext {
  archive: Archive
  /** Of the slide or drawing that the shapes are in. */
  relationships: Map<string, Relationship>
  /** The list styles that a shape has besides its own. */
  stylesOf: (shape: XmlElement) => LevelStyles
}

/** The shapes of a slide or a sheet's drawing as HTML, in the order in which screen readers read them. */
export async function shapesHtml(parent: XmlElement, context: ShapeContext): Promise<string> {
  let html = ''
  for (const shape of contentOf(parent)) html += await shapeHtml(shape, context)
  return html
}

/** A chart, or the texts of a diagram, by the id of its part. */
export async function figureHtml(
  archive: Archive,
  relationships: Map<string, Relationship>,
  id: string,
): Promise<string> {
  const { type, target = '' } = relationships.get(id) ?? {}
  if (type === 'chart' || type === 'chartEx') return chartHtml(await archive.xml(target))
  return type === 'diagramData' ? diagramHtml(await archive.xml(target), relationships) : ''
}

/** What a shape is, apart from how it looks: `cNvPr` (name, alternative text, link) and `nvPr` (its placeholder). */
export function nonVisual(shape: XmlElement): XmlElement | undefined {
  return childElements(shape).find(({ name }) => /^nv.*Pr$/.test(name))
}

async function shapeHtml(shape: XmlElement, context: ShapeContext): Promise<string> {
  switch (shape.name) {
    case 'sp':
      return textHtml(find(shape, 'txBody'), { ...context, styles: context.stylesOf(shape) })
    case 'pic':
      return pictureHtml(shape, context)
    case 'graphicFrame':
      return frameHtml(shape, context)
    case 'grpSp':
    case 'twoCellAnchor':
    case 'oneCellAnchor':
    case 'absoluteAnchor':
      return shapesHtml(shape, context)
    default:
      return ''
  }
}

function pictureHtml(shape: XmlElement, { relationships }: ShapeContext): string {
  const properties = find(nonVisual(shape), 'cNvPr')
  const { descr, title } = properties?.attributes ?? {}
  return paragraphHtml([{ text: descr || title || '', image: true, href: linkOf(properties, relationships) }])
}

async function frameHtml(frame: XmlElement, context: ShapeContext): Promise<string> {
  const data = find(frame, 'graphic', 'graphicData')
  const table = find(data, 'tbl')
  if (table) return slideTableHtml(table, context)
  const id = find(data, 'chart')?.attributes['r:id'] ?? find(data, 'relIds')?.attributes['r:dm'] ?? ''
  return (await figureHtml(context.archive, context.relationships, id)) || pictureHtml(frame, context)
}

// Merged cells are all there, with their text in the first.
function slideTableHtml(table: XmlElement, context: ShapeContext): string {
  const rows = childElements(table, 'tr').map((row) =>
    childElements(row, 'tc').map((cell) => textHtml(find(cell, 'txBody'), { ...context, styles: [] })),
  )
  return tableHtml(rows)
}

// SmartArt: the texts in the order of the outline in which they were typed.
function diagramHtml(diagram: XmlElement, relationships: Map<string, Relationship>): string {
  const points = childElements(find(diagram, 'ptLst'), 'pt')
  const texts = points.flatMap((point) => {
    const runs = descendants(find(point, 't'), 'p').flatMap((paragraph) => readRuns(paragraph, relationships))
    return runsHtml(runs) || []
  })
  return listHtml(texts.map((html) => ({ depth: 0, ordered: false, html })))
}
