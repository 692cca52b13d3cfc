import { raisedText } from '../markdown/raised-text.js'
import { type ListItem, listHtml, paragraphHtml, type Run, unwrapped } from '../office/office-html.js'
import { find, textOf, type XmlElement } from '../xml.js'
import { mathText } from './math-text.js'
import { contentOf, type Relationship } from './parts.js'

/** Where the formats of a text's levels are looked up, the nearest first: list styles of its shape, layout and master. */
export type LevelStyles = (XmlElement | undefined)[]

export interface TextContext {
  relationships: Map<string, Relationship>
  styles: LevelStyles
}

/** The paragraphs of a text body (`txBody`): runs of those with bullets as lists, the others as they are. */
export function textHtml(body: XmlElement | undefined, { relationships, styles }: TextContext): string {
  const all = [find(body, 'lstStyle'), ...styles]
  let html = ''
  let items: ListItem[] = []
  const closeList = () => {
    html += listHtml(items)
    items = []
  }
  for (const paragraph of body ? contentOf(body).filter(({ name }) => name === 'p') : []) {
    const text = paragraphHtml(readRuns(paragraph, relationships))
    const bullet = bulletOf(paragraph, all)
    if (text === '') continue
    if (bullet) items.push({ ...bullet, html: unwrapped(text) })
    else {
      closeList()
      html += text
    }
  }
  closeList()
  return html
}

export function readRuns(paragraph: XmlElement, relationships: Map<string, Relationship>): Run[] {
  return contentOf(paragraph).flatMap((node): Run[] => {
    if (node.name === 'br') return [{ text: '\n' }]
    // A formula's letters; PowerPoint keeps them beside a picture of it.
    if (node.name === 'm') return [{ text: mathText(node) }]
    if (node.name !== 'r' && node.name !== 'fld') return []
    const properties = find(node, 'rPr')
    return [{ text: runText(node, properties), ...readFormat(properties, relationships) }]
  })
}

// The baseline is told in thousandths of a per cent of the line.
function runText(run: XmlElement, properties: XmlElement | undefined): string {
  const text = textOf(find(run, 't')).replaceAll('\v', '\n')
  const baseline = Number(properties?.attributes.baseline ?? 0)
  return baseline ? raisedText(text, baseline > 0 ? 'sup' : 'sub') : text
}

/** The address that a shape or a run leads to when it is clicked. */
export function linkOf(
  properties: XmlElement | undefined,
  relationships: Map<string, Relationship>,
): string | undefined {
  const id = find(properties, 'hlinkClick')?.attributes['r:id']
  const relationship = id === undefined ? undefined : relationships.get(id)
  return relationship?.type === 'hyperlink' ? relationship.target : undefined
}

function readFormat(
  properties: XmlElement | undefined,
  relationships: Map<string, Relationship>,
): Omit<Run, 'text'> {
  const { b, i, strike } = properties?.attributes ?? {}
  return {
    bold: b === '1' || b === 'true',
    italic: i === '1' || i === 'true',
    strike: strike === 'sngStrike' || strike === 'dblStrike',
    href: linkOf(properties, relationships),
  }
}

// Counted from 0, as in the file.
const DEEPEST = 8

function bulletOf(paragraph: XmlElement, styles: LevelStyles): Omit<ListItem, 'html'> | undefined {
  const properties = find(paragraph, 'pPr')
  const depth = Math.min(Number(properties?.attributes.lvl ?? 0) || 0, DEEPEST)
  const levels = [properties, ...styles.map((style) => find(style, `lvl${depth + 1}pPr`))]
  for (const level of levels) {
    if (find(level, 'buNone')) return undefined
    const numbers = find(level, 'buAutoNum')
    if (numbers) return { depth, ordered: true, start: Number(numbers.attributes.startAt ?? 1) || 1 }
    if (find(level, 'buChar') ?? find(level, 'buBlip')) return { depth, ordered: false }
  }
  return undefined
}
