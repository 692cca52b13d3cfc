import type { Archive } from '../office/archive.js'
import { headingHtml, type Run } from '../office/office-html.js'
import { childElements, descendants, find, type XmlElement } from '../xml.js'
import { nonVisual, shapesHtml } from './drawing-shapes.js'
import { type LevelStyles, readRuns, textHtml } from './drawing-text.js'
import { contentOf, partOfType, type Relationship, readRelationships } from './parts.js'

export interface SlideReader {
  archive: Archive
  /** By the part's name: many slides share one. */
  layouts: Map<string, Layout>
}

export function slideReader(archive: Archive): SlideReader {
  return { archive, layouts: new Map() }
}

/** One slide as HTML: its title as heading, its shapes, the speaker's notes. */
export async function readSlide(reader: SlideReader, part: string, number: number): Promise<string> {
  const { archive } = reader
  const relationships = await readRelationships(archive, part)
  const slide = await archive.xml(part)
  const layout = await readLayout(reader, partOfType(relationships, 'slideLayout'))
  const tree = find(slide, 'cSld', 'spTree')
  const title = descendants(tree, 'sp').find((shape) => TITLES.has(placeholderOf(shape)?.type ?? ''))
  const stylesOf = (shape: XmlElement) => listStyles(shape, layout)
  const body = tree
    ? await shapesHtml(withoutFurniture(tree, title), { archive, relationships, stylesOf })
    : ''
  const notes = await notesHtml(archive, partOfType(relationships, 'notesSlide'))
  return writeHeading(title, number, slide, relationships) + body + notes
}

/** What a slide inherits: the placeholders it fills, and the list styles of the master. */
interface Layout {
  placeholders: XmlElement[]
  bodyStyle: XmlElement | undefined
}

const TITLES = new Set(['title', 'ctrTitle'])
// Date, footer, slide number: the same on each slide.
const FURNITURE = new Set(['dt', 'ftr', 'hdr', 'sldNum', 'sldImg'])
const HEADING = 2

function placeholderOf(shape: XmlElement): { type: string; idx: string | undefined } | undefined {
  const placeholder = find(nonVisual(shape), 'nvPr', 'ph')
  return placeholder && { type: placeholder.attributes.type ?? 'obj', idx: placeholder.attributes.idx }
}

function withoutFurniture(tree: XmlElement, title: XmlElement | undefined): XmlElement {
  const children = contentOf(tree)
    .filter((shape) => shape !== title && !FURNITURE.has(placeholderOf(shape)?.type ?? ''))
    .map((shape) => (shape.name === 'grpSp' ? withoutFurniture(shape, title) : shape))
  return { ...tree, children }
}

function writeHeading(
  title: XmlElement | undefined,
  number: number,
  slide: XmlElement,
  relationships: Map<string, Relationship>,
): string {
  const hidden: Run[] = slide.attributes.show === '0' ? [{ text: ' (hidden)' }] : []
  const paragraphs = childElements(find(title, 'txBody'), 'p')
  const runs = paragraphs.flatMap((paragraph) => [...readRuns(paragraph, relationships), { text: ' ' }])
  // The presentation's own title stands on a first slide made for it.
  const level = number === 1 && title && placeholderOf(title)?.type === 'ctrTitle' ? 1 : HEADING
  return (
    (runs.some(({ text }) => text.trim() !== '') && headingHtml(level, [...runs, ...hidden])) ||
    headingHtml(HEADING, [{ text: `Slide ${number}` }, ...hidden])
  )
}

function listStyles(shape: XmlElement, layout: Layout): LevelStyles {
  const own = placeholderOf(shape)
  if (!own) return []
  const inherited = layout.placeholders.filter((candidate) => {
    const other = placeholderOf(candidate)
    return own.idx === undefined ? other?.type === own.type : other?.idx === own.idx
  })
  const isBody = own.type === 'obj' || own.type === 'body'
  return [
    ...inherited.map((placeholder) => find(placeholder, 'txBody', 'lstStyle')),
    isBody ? layout.bodyStyle : undefined,
  ]
}

async function readLayout({ archive, layouts }: SlideReader, part: string | undefined): Promise<Layout> {
  if (part === undefined) return { placeholders: [], bodyStyle: undefined }
  const known = layouts.get(part)
  if (known) return known
  const master = partOfType(await readRelationships(archive, part), 'slideMaster')
  const layout = {
    placeholders: descendants(await archive.xml(part), 'sp').filter(placeholderOf),
    bodyStyle: master === undefined ? undefined : find(await archive.xml(master), 'txStyles', 'bodyStyle'),
  }
  layouts.set(part, layout)
  return layout
}

async function notesHtml(archive: Archive, part: string | undefined): Promise<string> {
  if (part === undefined) return ''
  const relationships = await readRelationships(archive, part)
  const shapes = descendants(await archive.xml(part), 'sp')
  const bodies = shapes.filter((shape) => placeholderOf(shape)?.type === 'body')
  const html = bodies.map((shape) => textHtml(find(shape, 'txBody'), { relationships, styles: [] })).join('')
  return html && headingHtml(HEADING + 1, [{ text: 'Notes' }]) + html
}
