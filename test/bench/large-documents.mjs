// Large documents for the benchmarks, the same each time. Their sizes are those at which the engines were compared
// when they were chosen.
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import {
  Document,
  ExternalHyperlink,
  HeadingLevel,
  LevelFormat,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
} from 'docx'
import { strToU8, zipSync } from 'fflate'
import PDFDocument from 'pdfkit'

const WORDS =
  'rain gauge station measured level over night while the river rose and fell between hills of grey slate'.split(
    ' ',
  )

/** About as many words as a paragraph has; another number, another text. */
export function sentence(number, length = 40) {
  const words = Array.from(
    { length },
    (_, at) => WORDS[(number * 7 + at * (1 + (number % 5))) % WORDS.length],
  )
  return `${words.join(' ')} ${number}.`
}

const times = (count, make) => Array.from({ length: count }, (_, at) => make(at))

/** Sections of headings, paragraphs with links and emphasis, nested lists and tables: 5.5 MB. */
export async function writeHtml(path, sections = 2_250) {
  const cells = (row, tag) => times(5, (column) => `<${tag}>${sentence(row + column, 3)}</${tag}>`).join('')
  const section = (at) => `
    <h2 id="s${at}">Section ${at}</h2>
    <p>${sentence(at)} See <a href="https://example.org/${at}?a=1&amp;b=2">page ${at}</a> and <b>mind</b> the <em>gap</em>.</p>
    <p>${sentence(at + 1, 60)}</p>
    <ul><li>${sentence(at, 6)}<ul><li>inner ${at}</li><li>also</li></ul></li><li><code>f(${at})</code></li></ul>
    <table><thead><tr>${cells(at, 'th')}</tr></thead><tbody>${times(8, (row) => `<tr>${cells(at + row, 'td')}</tr>`).join('')}</tbody></table>
    <pre><code class="language-js">let a = ${at}\n</code></pre>`
  const body = times(sections, section).join('')
  await writeFile(path, `<!doctype html><html><head><title>Large</title></head><body>${body}</body></html>`)
}

/** A book of 540 chapters with a table each, 2,880 rows in all. */
export async function writeDocx(path, chapters = 540) {
  const rowsOf = (at) => (at % 3 === 0 ? 6 : 5)
  const bullets = { reference: 'bullets', levels: [{ level: 0, format: LevelFormat.BULLET, text: '•' }] }
  const children = times(chapters, (at) => [
    new Paragraph({ text: `Chapter ${at}`, heading: HeadingLevel.HEADING_1 }),
    ...times(6, (part) => docxParagraph(at * 6 + part)),
    ...times(3, (part) => docxItem(at + part)),
    new Table({ rows: times(rowsOf(at), (row) => docxRow(at + row)) }),
  ])
  const document = new Document({
    numbering: { config: [bullets] },
    sections: [{ children: children.flat() }],
  })
  await writeFile(path, await Packer.toBuffer(document))
}

function docxParagraph(at) {
  const link = new ExternalHyperlink({
    link: `https://example.org/${at}`,
    children: [new TextRun(`page ${at}`)],
  })
  const emphasis = new TextRun({ text: ` mind the gap`, bold: true })
  return new Paragraph({ children: [new TextRun(`${sentence(at)} See `), link, emphasis] })
}

function docxItem(at) {
  return new Paragraph({ text: sentence(at, 6), numbering: { reference: 'bullets', level: 0 } })
}

function docxRow(at) {
  const cell = (column) => new TableCell({ children: [new Paragraph(sentence(at + column, 3))] })
  return new TableRow({ children: times(5, cell) })
}

/** Pages of headings, paragraphs, lists and tables. */
export async function writePdf(path, pages = 332) {
  const document = new PDFDocument({ size: 'A4' })
  const file = createWriteStream(path)
  document.pipe(file)
  for (let at = 0; at < pages; at++) {
    if (at > 0) document.addPage()
    document.fontSize(20).text(`Chapter ${at}`).moveDown(0.5).fontSize(11)
    for (let part = 0; part < 4; part++) document.text(sentence(at + part, 60)).moveDown(0.5)
    for (let item = 0; item < 4; item++) document.text(`• ${sentence(at + item, 6)}`)
    document.moveDown()
    document.table({ data: times(8, (row) => times(4, (column) => sentence(at + row + column, 2))) })
  }
  document.end()
  await finished(file)
}

const MAIN_NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONSHIP = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** A sheet of 50,000 rows and eight columns, half of them texts. */
export async function writeXlsx(path, rows = 50_000) {
  const cell = (at, column) =>
    column % 2 === 0
      ? `<c r="${'ABCDEFGH'[column]}${at}"><v>${at * (column + 1)}.5</v></c>`
      : `<c r="${'ABCDEFGH'[column]}${at}" t="s"><v>${(at + column) % 1_000}</v></c>`
  const row = (at) => `<row r="${at + 1}">${times(8, (column) => cell(at + 1, column)).join('')}</row>`
  const parts = {
    '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<workbook xmlns="${MAIN_NAMESPACE}" xmlns:r="${RELATIONSHIP}"><sheets><sheet name="Large" sheetId="1" r:id="r0"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['sharedStrings', 'sharedStrings.xml'],
    ]),
    'xl/sharedStrings.xml': `<sst xmlns="${MAIN_NAMESPACE}">${times(1_000, (at) => `<si><t>${sentence(at, 3)}</t></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN_NAMESPACE}"><sheetData>${times(rows, row).join('')}</sheetData></worksheet>`,
  }
  const bytes = Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])
  await writeFile(path, zipSync(Object.fromEntries(bytes)))
}

function relationships(targets) {
  const one = ([type, target], at) =>
    `<Relationship Id="r${at}" Type="${RELATIONSHIP}/${type}" Target="${target}"/>`
  return `<Relationships xmlns="${PACKAGE}">${targets.map(one).join('')}</Relationships>`
}
