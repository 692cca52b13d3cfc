import { describe, expect, it } from 'vitest'
import { cell, fromBody, paragraph, text } from './word-file.js'

const table = (...rows: string[]) => `<w:tbl>${rows.join('')}</w:tbl>`
const row = (...cells: string[]) => `<w:tr>${cells.join('')}</w:tr>`
const textCell = (content: string, properties = '') => cell(paragraph(content && text(content)), properties)
const textRow = (...texts: string[]) => row(...texts.map((content) => textCell(content)))
const bold = (content: string) => `<w:r><w:rPr><w:b/></w:rPr><w:t>${content}</w:t></w:r>`
const control = (content: string) => `<w:sdt><w:sdtPr/><w:sdtContent>${content}</w:sdtContent></w:sdt>`

describe('tables of a DOCX', () => {
  it('keep merged cells in their columns', async () => {
    const rows = [
      row(textCell('wide', '<w:gridSpan w:val="2"/>'), textCell('c')),
      row(textCell('tall', '<w:vMerge w:val="restart"/>'), textCell('1'), textCell('2')),
      row(textCell('', '<w:vMerge/>'), textCell('3'), textCell('4')),
    ]
    expect(await fromBody(table(...rows))).toBe(
      '| wide | | c |\n| --- | --- | --- |\n| tall | 1 | 2 |\n| | 3 | 4 |\n',
    )
  })

  it('keep the text of a table in a cell, where there is no room for a table', async () => {
    const inner = table(textRow('1', '2'), textRow('3', '4'))
    expect(await fromBody(table(textRow('a', 'b'), row(cell(inner), textCell('c'))))).toBe(
      '| a | b |\n| --- | --- |\n| 1 2 3 4 | c |\n',
    )
  })

  it('are the paragraphs in them where they are one cell, a frame around some text', async () => {
    const plain = table(textRow('framed'))
    const two = table(row(cell(paragraph(text('one')) + paragraph(text('two')))))
    expect(await fromBody(plain + two)).toBe('framed\n\none\n\ntwo\n')
  })

  it('keep framed texts apart that begin with emphasis', async () => {
    const framed = (content: string) => table(row(cell(paragraph(bold(content)))))
    const body = framed('one') + framed('two') + paragraph(text('three'))
    expect(await fromBody(body)).toBe('**one**\n\n**two**\n\nthree\n')
  })

  it('are left out where they are empty', async () => {
    const body = table(textRow('', ''), textRow('', '')) + table(textRow('')) + paragraph(text('after'))
    expect(await fromBody(body)).toBe('after\n')
  })

  it('keep rows and cells that are in content controls, and leave out rows that were deleted', async () => {
    const deleted = `<w:tr><w:trPr><w:del w:id="1"/></w:trPr>${textCell('gone')}${textCell('gone')}</w:tr>`
    const rows = [
      textRow('A', 'B'),
      control(textRow('1', '2')),
      deleted,
      row(control(textCell('3')), textCell('4')),
    ]
    expect(await fromBody(table(...rows))).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n')
  })
})

describe('the body of a DOCX', () => {
  it('keeps paragraphs and tables that are in content controls and custom XML', async () => {
    const framed = table(textRow('A', 'B'), textRow('1', '2'))
    const body = `${control(paragraph(text('one')) + framed)}<w:customXml>${paragraph(text('two'))}</w:customXml><w:bookmarkStart/><w:sectPr/>`
    expect(await fromBody(body)).toBe('one\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\ntwo\n')
  })
})
