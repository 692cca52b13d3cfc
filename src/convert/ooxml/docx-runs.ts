import { raisedText } from '../markdown/raised-text.js'
import type { Run } from '../office/office-html.js'
import { childElements, descendants, find, textOf, type XmlElement } from '../xml.js'
import { type FieldStack, linkAddress } from './docx-fields.js'
import { type RunFormat, runFormat, type WordStyles, wordValue } from './docx-styles.js'
import { linkOf } from './drawing-text.js'
import { mathText } from './math-text.js'
import { contentOf, type Relationship } from './parts.js'

/** What a text is read with. */
export interface TextReader {
  styles: WordStyles
  relationships: Map<string, Relationship>
  /** Charts and diagrams as HTML, by the ids of their relationships. */
  figures: Map<string, string>
  fields: FieldStack
  /** What the letters of symbol fonts are in Unicode. */
  symbols: Pick<typeof import('dingbat-to-unicode'), 'hex'>
  /** The notes that have been referred to, as `footnote 2`, in the order of their numbers. */
  notes: string[]
}

export interface Inline {
  runs: Run[]
  /** What cannot stand in a paragraph and follows it: text boxes (`txbxContent`), and charts as HTML. */
  after: (XmlElement | string)[]
}

export function readInline(parent: XmlElement, reader: TextReader): Inline {
  const inline: Inline = { runs: [], after: [] }
  readChildren(parent, { reader, inline, href: undefined })
  return inline
}

interface Place {
  reader: TextReader
  inline: Inline
  href: string | undefined
}

// What was taken back, and what is no text.
const SKIPPED = new Set(['del', 'moveFrom', 'pPr', 'rPr', 'sdtPr', 'rt', 'rubyPr', 'txbxContent'])

function readChildren(parent: XmlElement, place: Place): void {
  for (const child of contentOf(parent)) readElement(child, place)
}

function readElement(element: XmlElement, place: Place): void {
  if (SKIPPED.has(element.name)) return
  if (element.name === 'r') readRun(element, place)
  else if (element.name === 'oMath') place.inline.runs.push({ text: mathText(element), href: place.href })
  else if (element.name === 'hyperlink') readChildren(element, { ...place, href: hyperlink(element, place) })
  else if (element.name === 'fldSimple') {
    readChildren(element, { ...place, href: linkAddress(element.attributes['w:instr'] ?? '') ?? place.href })
  } else readChildren(element, place)
}

function hyperlink({ attributes }: XmlElement, { reader, href }: Place): string | undefined {
  const target = reader.relationships.get(attributes['r:id'] ?? '')?.target
  const anchor = attributes['w:anchor']
  return target && anchor ? `${target}#${anchor}` : (target ?? href)
}

const FIELD_MARKS = new Set(['fldChar', 'instrText'])

function readRun(run: XmlElement, place: Place): void {
  const { hidden, raised, ...format } = formatOf(find(run, 'rPr'), place.reader.styles)
  const { fields } = place.reader
  for (const part of contentOf(run)) {
    // Notes and pictures that do not show must not be read; fields begin and end all the same.
    if ((hidden || !fields.isShown) && !FIELD_MARKS.has(part.name)) continue
    const read = readPart(part, place)
    const text = raised ? raisedText(read, raised) : read
    const href = place.href ?? fields.href
    if (text !== '' && !hidden && fields.isShown) {
      place.inline.runs.push(/^\[\^\d+\]$/.test(text) ? { text } : { ...format, href, text })
    }
  }
}

function formatOf(properties: XmlElement | undefined, styles: WordStyles): RunFormat {
  if (!properties) return {}
  const named = styles.run(wordValue(properties, 'rStyle'))
  const own = runFormat(properties)
  return {
    bold: own.bold ?? named.bold,
    italic: own.italic ?? named.italic,
    strike: own.strike ?? named.strike,
    hidden: own.hidden ?? named.hidden,
    raised: own.raised ?? named.raised,
    code: named.code,
  }
}

/** The text that a part of a run shows; what is no text goes where it belongs. */
function readPart(part: XmlElement, place: Place): string {
  const { fields } = place.reader
  switch (part.name) {
    case 'fldChar':
      return fields.mark(part)
    case 'instrText':
      fields.instruct(textOf(part))
      return ''
    case 'ruby':
      readChildren(part, place)
      return ''
    case 'drawing':
    case 'pict':
    case 'object':
      readDrawing(part, place)
      return ''
    default:
      return partText(part, place.reader)
  }
}

function partText(part: XmlElement, reader: TextReader): string {
  const type = part.attributes['w:type'] ?? 'textWrapping'
  switch (part.name) {
    case 't':
      return textOf(part)
    case 'tab':
      return '\t'
    case 'cr':
      return '\n'
    case 'br':
      return type === 'textWrapping' ? '\n' : ' '
    case 'noBreakHyphen':
      return '\u2011'
    case 'sym':
      return symbol(part, reader)
    case 'footnoteReference':
    case 'endnoteReference':
      return `[^${reader.notes.push(`${part.name.slice(0, -'Reference'.length)} ${part.attributes['w:id']}`)}]`
    default:
      return ''
  }
}

// Symbol fonts have their letters in an area without meaning, a page above where their tables count from; what is not
// in it is Unicode already.
function symbol({ attributes }: XmlElement, { symbols }: TextReader): string {
  const { 'w:font': font = '', 'w:char': code = '' } = attributes
  if (!/^[0-9a-f]{4}$/i.test(code)) return ''
  const known = symbols.hex(font, code) ?? symbols.hex(font, code.replace(/^F0/i, ''))
  return known?.string ?? (/^[EF]/i.test(code) ? '' : String.fromCharCode(Number.parseInt(code, 16)))
}

function readDrawing(drawing: XmlElement, { reader, inline, href }: Place): void {
  const [data] = descendants(drawing, 'graphicData')
  const id = find(data, 'chart')?.attributes['r:id'] ?? find(data, 'relIds')?.attributes['r:dm'] ?? ''
  const figure = reader.figures.get(id)
  const boxes = textBoxes(drawing)
  if (figure) inline.after.push(figure)
  else if (boxes.length > 0) inline.after.push(...boxes)
  else {
    const [properties] = descendants(drawing, 'docPr')
    const link = linkOf(properties, reader.relationships) ?? href
    inline.runs.push({ text: alternativeText(drawing), image: true, href: link })
  }
}

// A box in a box is read with the outer one.
function textBoxes(element: XmlElement): XmlElement[] {
  return contentOf(element).flatMap((child) => (child.name === 'txbxContent' ? child : textBoxes(child)))
}

function alternativeText(drawing: XmlElement): string {
  const properties = ['docPr', 'cNvPr'].flatMap((name) => descendants(drawing, name))
  const texts = properties.map(({ attributes }) => attributes.descr || attributes.title)
  const shapes = childElements(drawing).map(({ attributes }) => attributes.alt)
  const images = descendants(drawing, 'imagedata').map(({ attributes }) => attributes['o:title'])
  return [...texts, ...shapes, ...images].find(Boolean) ?? ''
}
