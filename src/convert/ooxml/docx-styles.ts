import type { Run } from '../office/office-html.js'
import { childElements, find, type XmlElement } from '../xml.js'

export type RunFormat = Pick<Run, 'bold' | 'italic' | 'strike' | 'code'> & {
  hidden?: boolean | undefined
  raised?: 'sup' | 'sub' | undefined
}

export interface ParagraphStyle {
  heading: number | undefined
  isQuotation: boolean
  isCode: boolean
  /** The properties of numbered or bulleted styles. */
  numbering: XmlElement | undefined
}

/** What the styles of a Word document say, by their ids. */
export interface WordStyles {
  paragraph(id: string | undefined): ParagraphStyle
  run(id: string | undefined): RunFormat
}

export function readStyles(root: XmlElement): WordStyles {
  const styles = new Map(childElements(root, 'style').map((style) => [style.attributes['w:styleId'], style]))
  const paragraphs = new Map<string | undefined, ParagraphStyle>()
  const runs = new Map<string | undefined, RunFormat>()
  return {
    paragraph: (id) => remembered(paragraphs, id, () => paragraphStyle(lineageOf(styles, id))),
    run: (id) => remembered(runs, id, () => runStyle(lineageOf(styles, id))),
  }
}

/** The format that a run's own properties (`rPr`) give it, as far as they do. */
export function runFormat(properties: XmlElement | undefined): RunFormat {
  return {
    bold: toggle(properties, 'b'),
    italic: toggle(properties, 'i'),
    strike: toggle(properties, 'strike') ?? toggle(properties, 'dstrike'),
    hidden: toggle(properties, 'vanish'),
    raised: RAISED[wordValue(properties, 'vertAlign') ?? ''],
  }
}

/** The level of a heading by its outline level, which counts from 0; 9 is Word's "body text". */
export function outlineHeading(properties: XmlElement | undefined): number | undefined {
  const level = Number(wordValue(properties, 'outlineLvl') ?? BODY_TEXT)
  return level >= 0 && level < BODY_TEXT ? level + 1 : undefined
}

export function wordValue(properties: XmlElement | undefined, name: string): string | undefined {
  return find(properties, name)?.attributes['w:val']
}

/** A property that is on or off; to be there is to be on, unless it says otherwise. */
export function toggle(properties: XmlElement | undefined, name: string): boolean | undefined {
  const element = find(properties, name)
  return element && !/^(?:0|false|off)$/.test(element.attributes['w:val'] ?? '')
}

const RAISED: Record<string, RunFormat['raised']> = { superscript: 'sup', subscript: 'sub' }
const BODY_TEXT = 9
// Word allows 11; a chain without end would be followed for each of its styles.
const LONGEST_LINEAGE = 32
const QUOTATIONS = new Set(['quote', 'intense quote', 'block text'])
const CODE = new Set(['html preformatted', 'source code', 'preformatted text', 'macro'])
const RUN_CODE = new Set(['html code', 'verbatim char', 'source text', 'html typewriter'])

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/** The style and those it is based on. */
function lineageOf(styles: Map<string | undefined, XmlElement>, id: string | undefined): XmlElement[] {
  const lineage = new Set<XmlElement>()
  let style = id === undefined ? undefined : styles.get(id)
  while (style && !lineage.has(style) && lineage.size < LONGEST_LINEAGE) {
    lineage.add(style)
    style = styles.get(wordValue(style, 'basedOn'))
  }
  return [...lineage]
}

function nameOf(style: XmlElement): string {
  return (wordValue(style, 'name') ?? '').toLowerCase()
}

function paragraphStyle(lineage: XmlElement[]): ParagraphStyle {
  const properties = lineage.map((style) => find(style, 'pPr'))
  return {
    heading: headingOf(lineage),
    isQuotation: lineage.some((style) => QUOTATIONS.has(nameOf(style))),
    isCode: lineage.some((style) => CODE.has(nameOf(style))),
    numbering: properties.map((own) => find(own, 'numPr')).find((numbering) => numbering !== undefined),
  }
}

// The nearest style that says anything about it decides; a level of 9 says that it is none.
function headingOf(lineage: XmlElement[]): number | undefined {
  for (const style of lineage) {
    const properties = find(style, 'pPr')
    if (find(properties, 'outlineLvl')) return outlineHeading(properties)
    const [, level] = /^heading (\d)$/.exec(nameOf(style)) ?? []
    if (level !== undefined) return Number(level)
    if (nameOf(style) === 'title') return 1
  }
  return undefined
}

function runStyle(lineage: XmlElement[]): RunFormat {
  const formats = lineage.map((style) => runFormat(find(style, 'rPr')))
  const nearest = <Name extends keyof RunFormat>(name: Name) =>
    formats.map((format) => format[name]).find((value) => value !== undefined)
  return {
    bold: nearest('bold'),
    italic: nearest('italic'),
    strike: nearest('strike'),
    hidden: nearest('hidden'),
    raised: nearest('raised'),
    code: lineage.some((style) => RUN_CODE.has(nameOf(style))),
  }
}
