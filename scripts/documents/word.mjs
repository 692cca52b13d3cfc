// What the two Word files have in common: their blocks, and the packing to the same bytes every time.
import {
  AlignmentType,
  ConcreteHyperlink,
  Document,
  HeadingLevel,
  LevelFormat,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { MADE_ON, NETWORK } from './network.mjs'
import { withZipTimes } from './zip-times.mjs'

const HYPERLINK = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink'
const HEADINGS = [
  HeadingLevel.HEADING_1,
  HeadingLevel.HEADING_2,
  HeadingLevel.HEADING_3,
  HeadingLevel.HEADING_4,
]

const level = (number, format, text) => ({
  level: number,
  format,
  text,
  alignment: AlignmentType.LEFT,
  style: { paragraph: { indent: { left: 720 * (number + 1), hanging: 360 } } },
})

const NUMBERING = [
  {
    reference: 'bullets',
    levels: [0, 1, 2].map((number) => level(number, LevelFormat.BULLET, ['•', '–', '·'][number])),
  },
  {
    reference: 'numbers',
    levels: [
      level(0, LevelFormat.DECIMAL, '%1.'),
      level(1, LevelFormat.LOWER_LETTER, '%2)'),
      level(2, LevelFormat.LOWER_ROMAN, '%3.'),
    ],
  },
]

export const bold = (text) => new TextRun({ text, bold: true })
export const italic = (text) => new TextRun({ text, italics: true })

const inline = (part) => (typeof part === 'string' ? new TextRun(part) : part)
const block = (options, parts) => new Paragraph({ ...options, children: parts.map(inline) })

export const heading = (depth, text) => new Paragraph({ text, heading: HEADINGS[depth - 1] })
export const paragraph = (...parts) => block({ spacing: { after: 160 } }, parts)
export const bullet = (depth, ...parts) =>
  block({ numbering: { reference: 'bullets', level: depth - 1 } }, parts)

// Items of one instance count on together; another instance starts again at one.
export const numbered = (instance, depth, ...parts) =>
  block({ numbering: { reference: 'numbers', level: depth - 1, instance } }, parts)

export function table(header, rows) {
  const cell = (text, strong) =>
    new TableCell({ children: [new Paragraph({ children: [strong ? bold(text) : new TextRun(text)] })] })
  const cells = (texts, strong) => texts.map((text) => cell(text, strong))
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    // Other rows leave `tableHeader` out: readers take even a false one for a header.
    rows: [
      new TableRow({ tableHeader: true, children: cells(header, true) }),
      ...rows.map((texts) => new TableRow({ children: cells(texts, false) })),
    ],
  })
}

// The library's own external links get a random relationship id. These count instead, and `pack` declares them.
export function linkMaker() {
  const links = []
  const link = (text, address) => {
    const id = `Link${links.length + 1}`
    links.push({ id, address })
    return new ConcreteHyperlink([new TextRun({ text, style: 'Hyperlink' })], id, undefined, address)
  }
  return { link, links }
}

function coreProperties(heading) {
  const on = `${MADE_ON.toISOString().slice(0, 19)}Z`
  const stamp = (name) => `<dcterms:${name} xsi:type="dcterms:W3CDTF">${on}</dcterms:${name}>`
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"',
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `<dc:title>${heading}</dc:title><dc:creator>${NETWORK}</dc:creator>`,
    `${stamp('created')}${stamp('modified')}</cp:coreProperties>`,
  ].join('')
}

export async function pack(heading, children, links = []) {
  const file = new Document({ numbering: { config: NUMBERING }, sections: [{ children }] })
  for (const { id, address } of links) {
    file.Document.Relationships.addRelationship(id, HYPERLINK, address, 'External')
  }
  // The library writes the time of the run into this part, and an override is its only way to another one.
  const overrides = [{ path: 'docProps/core.xml', data: coreProperties(heading) }]
  return withZipTimes(await Packer.toBuffer(file, undefined, overrides), MADE_ON)
}
