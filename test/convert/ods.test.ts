import { describe, expect, it } from 'vitest'
import { documentFile, headings, markdownOf, metadataOf, tables } from './documents.js'
import { chartPart, type OdfParts, odfFile } from './odf-file.js'

async function fromSheets(body: string, parts: OdfParts = {}): Promise<string> {
  return markdownOf(await documentFile('book.ods', odfFile('spreadsheet', body, parts)))
}

const sheet = (name: string, rows: string, attributes = '') =>
  `<table:table table:name="${name}" ${attributes}>${rows}</table:table>`
const row = (cells: string, attributes = '') => `<table:table-row ${attributes}>${cells}</table:table-row>`
const cell = (text: string, attributes = '') =>
  `<table:table-cell ${attributes}>${text && `<text:p>${text}</text:p>`}</table:table-cell>`
const typed = (type: string, value: string, text: string) =>
  cell(text, `office:value-type="${type}" office:${value}`)

describe('ODS', () => {
  it('reads every kind of cell', async () => {
    const cells = [
      typed('string', 'x=""', 'a|b'),
      typed('float', 'value="3.14159"', '3.1'),
      typed('percentage', 'value="0.25"', '25 %'),
      typed('currency', 'value="3.5"', '3.50 €'),
      typed('date', 'date-value="2024-03-15"', '15.03.24'),
      typed('date', 'date-value="2024-03-15T12:30:00"', '15.03.24 12:30'),
      typed('date', 'date-value="2024-03-15T00:00:00.000000000"', '15.03.24'),
      typed('time', 'time-value="PT30H05M00S"', '30:05'),
      typed('boolean', 'boolean-value="true"', 'WAHR'),
    ]
    const [table] = tables(await fromSheets(sheet('S', row(cells.join('')))))
    expect(table?.[0]).toEqual([
      'a\\|b',
      '3.14159',
      '25 %',
      '3.50 €',
      '2024-03-15',
      '2024-03-15 12:30:00',
      '2024-03-15',
      '30:05:00',
      'TRUE',
    ])
  })

  it('repeats cells and rows that are filled, and makes nothing of the empty rest', async () => {
    const rows = [
      row(
        cell('a') +
          cell('b', 'table:number-columns-repeated="2"') +
          cell('', 'table:number-columns-repeated="16381"'),
      ),
      row(cell('x') + cell('y') + cell('z'), 'table:number-rows-repeated="2"'),
      row(cell('', 'table:number-columns-repeated="16384"'), 'table:number-rows-repeated="1048573"'),
    ]
    expect(await fromSheets(sheet('S', rows.join('')))).toBe(
      '## S\n\n| a | b | b |\n| --- | --- | --- |\n| x | y | z |\n| x | y | z |\n',
    )
  })

  it('refuses a filled row that is repeated without end', async () => {
    const body = sheet(
      'S',
      row(
        cell('a') + cell('b', 'table:number-columns-repeated="16000"'),
        'table:number-rows-repeated="1048576"',
      ),
    )
    await expect(fromSheets(body)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
  })

  it('has sheets as headings and marks hidden ones', async () => {
    const automatic =
      '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    const body = sheet('Shown', row(cell('a'))) + sheet('Kept', row(cell('b')), 'table:style-name="ta2"')
    expect(headings(await fromSheets(body, { automatic }), 2)).toEqual(['Shown', 'Kept (hidden)'])
  })

  it('begins a table where its cells begin, with the title over it as a paragraph', async () => {
    const empty = cell('', 'table:number-columns-repeated="2"')
    const rows = [
      row(cell(''), 'table:number-rows-repeated="3"'),
      row(empty + cell('Sales')),
      row(empty + cell('Region') + cell('Sum')),
      row(empty + cell('North') + cell('5')),
    ]
    expect(await fromSheets(sheet('S', rows.join('')))).toBe(
      '## S\n\nSales\n\n| Region | Sum |\n| --- | --- |\n| North | 5 |\n',
    )
  })

  it('reads rows in groups, links and charts, and leaves out comments', async () => {
    const link = '<text:a xlink:href="https://a.example/">site</text:a>'
    const comment =
      '<table:table-cell><office:annotation><text:p>remark</text:p></office:annotation><text:p>b</text:p></table:table-cell>'
    const group = `<table:table-header-rows>${row(cell(link) + comment)}</table:table-header-rows><table:table-row-group>${row(cell('1') + cell('2'))}</table:table-row-group>`
    const shapes =
      '<table:shapes><draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></table:shapes>'
    const parts = [
      chartPart('Object 1', 'Rain', [
        ['', 'mm'],
        ['May', '40'],
      ]),
    ]
    expect(await fromSheets(sheet('S', shapes + group), { parts })).toBe(
      '## S\n\n| [site](https://a.example/) | b |\n| --- | --- |\n| 1 | 2 |\n\n### Rain\n\n| | mm |\n| --- | --- |\n| May | 40 |\n',
    )
  })

  it('tells its author and how many sheets it has', async () => {
    const body = sheet('A', row(cell('a'))) + sheet('B', row(cell('b')))
    const meta = '<meta:initial-creator>A. Author</meta:initial-creator>'
    const path = await documentFile('m.ods', odfFile('spreadsheet', body, { meta }))
    expect(await metadataOf(path)).toEqual({ title: undefined, author: 'A. Author', pages: 2 })
  })

  it('keeps the shown text of cells whose value is not told', async () => {
    const cells = ['float', 'date', 'time', 'boolean', 'percentage'].map((type) =>
      cell(`shown ${type}`, `office:value-type="${type}"`),
    )
    const [table] = tables(await fromSheets(sheet('S', row(cells.join('')))))
    expect(table?.[0]).toEqual([
      'shown float',
      'shown date',
      'shown time',
      'shown boolean',
      'shown percentage',
    ])
  })

  it('keeps the sign of times, and durations of another form as they are', async () => {
    const times = ['-PT01H30M00S', 'PT00H00M07.5S', 'P1DT2H'].map((time) =>
      typed('time', `time-value="${time}"`, 'shown'),
    )
    const [table] = tables(await fromSheets(sheet('S', row(times.join('')))))
    expect(table?.[0]).toEqual(['-01:30:00', '00:00:07', 'P1DT2H'])
  })

  it('keeps blanks that are elements, the text of parts, and leaves out covered cells and remarks', async () => {
    const spaced = 'a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d <text:span>e</text:span>'
    const remark = 'f<office:annotation><text:p>remark</text:p></office:annotation>'
    const covered = '<table:covered-table-cell><text:p>under it</text:p></table:covered-table-cell>'
    const body = row(cell(spaced, 'table:number-columns-spanned="2"') + covered + cell(remark))
    expect(await fromSheets(sheet('S', body + row(cell('1') + cell('2') + cell('3'))))).toBe(
      '## S\n\n| a b c d e |  | f |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n',
    )
  })

  it('has the value of a text that is not shown, and takes a count that is none for one', async () => {
    const cells =
      cell('', 'office:value-type="string" office:string-value="kept"') +
      cell('once', 'table:number-columns-repeated="x"')
    expect(await fromSheets(sheet('S', row(cells)))).toBe('## S\n\n| kept | once |\n| --- | --- |\n')
  })

  it('leaves out what another program last sent, which the cells have as well', async () => {
    const links = `<table:dde-links><table:dde-link>${sheet('sent', row(cell('a') + cell('b')))}</table:dde-link></table:dde-links>`
    expect(await fromSheets(sheet('S', row(cell('a'))) + links)).toBe('## S\n\na\n')
  })

  it('is refused where a row is filled beyond what any sheet has', async () => {
    const body = sheet('S', row(cell('x', 'table:number-columns-repeated="16385"')))
    await expect(fromSheets(body)).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      message: expect.stringMatching(/a row has over 16384 cells/),
    })
  })
})
