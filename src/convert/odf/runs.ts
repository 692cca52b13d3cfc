import { raisedText } from '../markdown/raised-text.js'
import { MadeCells } from '../office/made-cells.js'
import type { Run } from '../office/office-html.js'
import { childElements, find, isElement, textOf, type XmlElement } from '../xml.js'
import type { OdfObject } from './document.js'
import type { Format, OdfStyles } from './styles.js'

/** What the text of an OpenDocument file is read with, and what is found in it on the way. */
export interface OdfReader {
  styles: OdfStyles
  /** Charts and formulas, by the address that their frames have. */
  objects: Map<string, OdfObject>
  /** The notes so far; the first is referred to as `[^1]`. */
  notes: Run[][]
  /** How many items the list of each style has had, for those that go on after a paragraph. */
  counts: Map<string, number>
  madeCells: MadeCells
}

/** A reader that has read nothing yet. */
export function newReader(styles: OdfStyles, objects: Map<string, OdfObject>): OdfReader {
  return { styles, objects, notes: [], counts: new Map(), madeCells: new MadeCells() }
}

export interface Inline {
  runs: Run[]
  /** Frames with more than a picture in them, which stand after the paragraph that they are in. */
  frames: XmlElement[]
}

export function readInline(paragraph: XmlElement, reader: OdfReader): Inline {
  const inline: Inline = { runs: [], frames: [] }
  readChildren(paragraph, reader.styles.ownFormatOf(paragraph.attributes['text:style-name']), {
    reader,
    inline,
  })
  return inline
}

/** The picture of a frame by its alternative text, if it is one. */
export function pictureOf(frame: XmlElement): Run | undefined {
  if (!find(frame, 'image')) return undefined
  const text = textOf(find(frame, 'desc')) || textOf(find(frame, 'title'))
  return { text, image: true }
}

/** The chart or the formula in a frame. */
export function objectOf(frame: XmlElement, { objects }: OdfReader): OdfObject | undefined {
  return objects.get(find(frame, 'object')?.attributes['xlink:href'] ?? '')
}

type RunFormat = Format & { href?: string | undefined }

interface Place {
  reader: OdfReader
  inline: Inline
}

function readChildren(parent: XmlElement, format: RunFormat, place: Place): void {
  for (const node of parent.children) {
    if (isElement(node)) readElement(node, format, place)
    else place.inline.runs.push({ ...format, text: spanText(node, format) })
  }
}

function spanText(text: string, { raised }: RunFormat): string {
  const line = text.replace(/\s+/g, ' ')
  return raised ? raisedText(line, raised) : line
}

// What does not show, or stands beside the text.
const SKIPPED = new Set(['annotation', 'bookmark', 'ruby-text', 'hidden-text', 'tracked-changes'])
const MOST_SPACES = 100

function readElement(element: XmlElement, format: RunFormat, place: Place): void {
  const blank = blankOf(element)
  if (blank !== undefined) place.inline.runs.push({ ...format, text: blank })
  else if (element.name === 'note') readNote(element, place)
  else if (element.name === 'frame') readFrame(element, format, place)
  else if (isShape(element)) place.inline.frames.push(element)
  else if (!SKIPPED.has(element.name)) {
    readChildren(element, innerFormat(element, format, place.reader.styles), place)
  }
}

// White space in the file itself counts as one space.
function blankOf({ name, attributes }: XmlElement): string | undefined {
  if (name === 's') return ' '.repeat(Math.min(Number(attributes['text:c'] ?? 1), MOST_SPACES))
  if (name === 'tab') return '\t'
  return name === 'line-break' ? '\n' : undefined
}

function innerFormat({ name, attributes }: XmlElement, outer: RunFormat, styles: OdfStyles): RunFormat {
  if (name === 'a') return { ...outer, href: attributes['xlink:href'] }
  return name === 'span' ? spanFormat(styles.formatOf(attributes['text:style-name']), outer) : outer
}

function spanFormat(own: Format, outer: RunFormat): RunFormat {
  return {
    href: outer.href,
    bold: own.bold || outer.bold,
    italic: own.italic || outer.italic,
    strike: own.strike || outer.strike,
    code: own.code || outer.code,
    raised: own.raised ?? outer.raised,
  }
}

function readNote(note: XmlElement, { reader, inline }: Place): void {
  const at = reader.notes.push([])
  inline.runs.push({ text: `[^${at}]` })
  reader.notes[at - 1] = childElements(find(note, 'note-body')).flatMap((paragraph) => [
    ...readInline(paragraph, reader).runs,
    { text: ' ' },
  ])
}

function readFrame(frame: XmlElement, { href }: RunFormat, { inline, reader }: Place): void {
  const object = objectOf(frame, reader)
  const picture = find(frame, 'object') || find(frame, 'text-box') ? undefined : pictureOf(frame)
  if (object && 'formula' in object) inline.runs.push({ text: object.formula })
  else if (picture) inline.runs.push({ ...picture, href })
  else inline.frames.push(frame)
}

function isShape({ attributes }: XmlElement): boolean {
  return attributes['draw:style-name'] !== undefined
}
