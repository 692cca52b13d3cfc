// What the two PDFs have in common: their blocks, and the same bytes every time.
import PDFDocument from 'pdfkit'
import { MADE_ON, NETWORK } from './network.mjs'

// The library derives the file's id from this information, so fixed dates fix that too.
export function pdf({ title, ...options }, write) {
  const document = new PDFDocument({
    ...options,
    lang: 'en',
    info: { Title: title, Author: NETWORK, CreationDate: MADE_ON, ModDate: MADE_ON },
  })
  const chunks = []
  const bytes = new Promise((resolve, reject) => {
    document.on('data', (chunk) => chunks.push(chunk))
    document.on('end', () => resolve(Buffer.concat(chunks)))
    document.on('error', reject)
  })
  write(document)
  document.end()
  return bytes
}

const body = (document) => document.font('Times-Roman').fontSize(11)

// Starts a new page rather than leave a heading or a table's first rows alone at the foot of one.
function keepRoom(document, height) {
  if (document.y + height > document.page.height - document.page.margins.bottom) document.addPage()
}

export function chapterHeading(document, text) {
  document.outline.addItem(text)
  document.font('Helvetica-Bold').fontSize(24).text(text).moveDown(0.7)
  body(document)
}

export function sectionHeading(document, text) {
  keepRoom(document, 80)
  document.font('Helvetica-Bold').fontSize(15).text(text).moveDown(0.4)
  body(document)
}

export function paragraph(document, text) {
  document.text(text, { lineGap: 2 }).moveDown(0.7)
}

// The library's own lists draw their bullets as circles, which are lost on whoever extracts the text.
function list(document, items, marker) {
  const left = document.page.margins.left
  for (const [at, item] of items.entries()) document.text(`${marker(at)} ${item}`, left + 14, undefined)
  document.x = left
  document.moveDown(0.7)
}

export const bulletList = (document, items) => list(document, items, () => '•')
export const numberedList = (document, items) => list(document, items, (at) => `${at + 1}.`)

export function readingsTable(document, header, rows) {
  const rowHeight = 19
  keepRoom(document, rowHeight * (rows.length + 1))
  document.fontSize(10).table({
    defaultStyle: { border: [0, 0, 0.5, 0], borderColor: '#888888', padding: 3 },
    rowStyles: (row) => (row === 0 ? { backgroundColor: '#e6eef5' } : {}),
    data: [header, ...rows].map((cells) =>
      cells.map((text, at) => ({ text, align: { x: at === 0 ? 'left' : 'right', y: 'center' } })),
    ),
  })
  body(document).moveDown()
}
