import { describe, expect, it } from 'vitest'
import { documentFile, headings, markdownOf, sample, tables } from './documents.js'
import { type Relation, relations, type SheetPart, workbookFile } from './office-file.js'

async function fromSheets(sheets: SheetPart[], shared: Parameters<typeof workbookFile>[1] = {}) {
  return markdownOf(await documentFile('book.xlsx', workbookFile(sheets, shared)))
}

/** Rows of cells, each given as the text of an inline string, at its place. */
function textRows(rows: Record<string, string>[]): string {
  return rows
    .map((cells) => {
      const [first = ''] = Object.keys(cells)
      const xml = Object.entries(cells).map(
        ([at, text]) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`,
      )
      return `<row r="${first.replace(/\D/g, '')}">${xml.join('')}</row>`
    })
    .join('')
}

describe('test.xlsx', () => {
  it('has its two sheets as headings', async () => {
    const markdown = await markdownOf(sample('test.xlsx'))
    expect(headings(markdown, 2)).toEqual(['Sheet1', '09060124-b5e7-4717-9d07-3c046eb'])
  })

  it('keeps both tables whole', async () => {
    const [first, second, ...others] = tables(await markdownOf(sample('test.xlsx')))
    expect(others).toEqual([])
    expect(first?.map((row) => row.length)).toEqual(Array(24).fill(4))
    expect(first?.[0]).toEqual(['Alpha', 'Beta', 'Gamma', 'Delta'])
    expect(first?.[13]).toEqual(['58', '6ff4173b-42a5-4784-9b19-f49caff4d93d', '22', '9'])
    expect(first?.[23]).toEqual(['87', '93', '95', '80'])
    expect(second).toEqual([
      ['ColA', 'ColB', 'ColC', 'ColD'],
      ['1', '2', '3', '4'],
      ['5', '6', '7', '8'],
      ['9', '10', '11', '12'],
      ['13', '14', '15', 'affc7dad-52dc-4b98-9b5d-51e65d8a8ad0'],
    ])
  })
})

describe('XLSX', () => {
  it('reads every kind of cell', async () => {
    const cells = [
      '<c r="A1" t="s"><v>1</v></c>',
      '<c r="B1" t="b"><v>1</v></c>',
      '<c r="C1" t="e"><v>#DIV/0!</v></c>',
      '<c r="D1"><f>1+1</f><v>2</v></c>',
      '<c r="E1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>',
      '<c r="F1"><v>0.30000000000000004</v></c>',
    ]
    const texts = '<si><t>no</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>x</t></rPh></si>'
    const rows = `<row r="1">${cells.join('')}</row>`
    expect(await fromSheets([{ name: 'S', rows }], { texts })).toBe(
      '## S\n\n| rich text | TRUE | #DIV/0! | 2 | ab | 0.3 |\n| --- | --- | --- | --- | --- | --- |\n',
    )
  })

  it('writes dates, times and shares by their number format', async () => {
    const formats = [0, 14, 22, 20, 46, 10, 170, 171, 172]
    const styles = `<numFmts><numFmt numFmtId="170" formatCode="[$-409]d\\-mmm\\-yy;@"/><numFmt numFmtId="171" formatCode="&quot;day&quot; 0"/><numFmt numFmtId="172" formatCode="[Red]0.0%"/></numFmts><cellXfs>${formats.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs>`
    const values = [45366, 45366, 45366.5, 0.75, 1.25, 0.125, 1, 7, 0.5]
    const cells = values.map((value, index) => `<c s="${index}"><v>${value}</v></c>`)
    const [row] = tables(await fromSheets([{ name: 'S', rows: `<row>${cells.join('')}</row>` }], { styles }))
    expect(row?.[0]).toEqual([
      '45366',
      '2024-03-15',
      '2024-03-15 12:00:00',
      '18:00:00',
      '30:00:00',
      '12.50%',
      '1900-01-01',
      '7',
      '50.0%',
    ])
  })

  it('counts days from 1904 where the workbook does', async () => {
    const styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    const properties = '<workbookPr date1904="1"/>'
    const rows = '<row><c s="0"><v>43904</v></c></row>'
    expect(await fromSheets([{ name: 'S', rows }], { styles, properties })).toBe('## S\n\n2024-03-15\n')
  })

  it('begins a table where its cells begin, with the title over it as a paragraph', async () => {
    const rows = textRows([
      { C3: 'Sales' },
      { C4: 'Region', D4: 'Sum' },
      { C5: 'North', D5: '5' },
      { D6: '7' },
      { F9: 'Other' },
      { F10: 'x' },
    ])
    expect(await fromSheets([{ name: 'S', rows }])).toBe(
      '## S\n\nSales\n\n| Region | Sum |\n| --- | --- |\n| North | 5 |\n|  | 7 |\n\n| Other |\n| --- |\n| x |\n',
    )
  })

  it('makes nothing of empty cells, however many are declared', async () => {
    const empty = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    const rows = textRows([{ A1: 'a', XFD1: 'z' }, { A2: 'b' }]) + empty
    expect(await fromSheets([{ name: 'S', rows }])).toBe('## S\n\n| a | z |\n| --- | --- |\n| b |  |\n')
  })

  it('keeps merged cells in their columns', async () => {
    const rows = textRows([
      { A1: 'wide', C1: 'c' },
      { A2: '1', B2: '2', C2: '3' },
    ])
    const after = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    const [table] = tables(await fromSheets([{ name: 'S', rows, after }]))
    expect(table).toEqual([
      ['wide', '', 'c'],
      ['1', '2', '3'],
    ])
  })

  it('keeps links, and text that would end a cell or begin a tag', async () => {
    const rows = textRows([{ A1: 'site', B1: 'a|b\nc', C1: '&lt;b&gt; _x0041_' }])
    const after = '<hyperlinks><hyperlink ref="A1" r:id="w"/></hyperlinks>'
    const sheet = { name: 'S', rows, after, relations: [['w', 'hyperlink', 'https://a.example/x(1)']] }
    expect(await fromSheets([sheet as SheetPart])).toContain(
      '| [site](https://a.example/x%281%29) | a\\|b c | \\<b> A |',
    )
  })

  it('marks hidden sheets', async () => {
    const sheets = ['visible', 'hidden', 'veryHidden'].map((state) => ({ name: state, rows: '', state }))
    expect(headings(await fromSheets(sheets), 2)).toEqual([
      'visible',
      'hidden (hidden)',
      'veryHidden (hidden)',
    ])
  })

  it('keeps the charts and pictures that lie over the cells', async () => {
    const anchor = (content: string) => `<xdr:twoCellAnchor>${content}</xdr:twoCellAnchor>`
    const drawing = `<xdr:wsDr xmlns:xdr="x" xmlns:a="a" xmlns:c="c" xmlns:r="r">${anchor('<xdr:graphicFrame><a:graphic><a:graphicData><c:chart r:id="c1"/></a:graphicData></a:graphic></xdr:graphicFrame>')}${anchor('<xdr:pic><xdr:nvPicPr><xdr:cNvPr descr="A cloud"/></xdr:nvPicPr></xdr:pic>')}</xdr:wsDr>`
    const points = (type: string, texts: string[]) =>
      `<c:${type}>${texts.map((text, index) => `<c:pt idx="${index}"><c:v>${text}</c:v></c:pt>`).join('')}</c:${type}>`
    const series = (name: string, values: string[]) =>
      `<c:ser><c:tx>${points('strCache', [name])}</c:tx><c:cat><c:numRef>${points('numCache', ['45366', '45397']).replace('>', '><c:formatCode>d/m/yy</c:formatCode>')}</c:numRef></c:cat><c:val>${points('numCache', values)}</c:val></c:ser>`
    const chart = `<c:chartSpace xmlns:c="c"><c:chart><c:plotArea><c:lineChart>${series('mm', ['4', '5'])}${series('hours', ['7'])}</c:lineChart></c:plotArea></c:chart></c:chartSpace>`
    const sheet = { name: 'S', rows: '', relations: [['d', 'drawing', '../drawings/d.xml']] as Relation[] }
    const book = workbookFile([sheet], {}, [
      { name: 'xl/drawings/d.xml', content: drawing },
      relations('xl/drawings/d.xml', [['c1', 'chart', '../charts/c.xml']]),
      { name: 'xl/charts/c.xml', content: chart },
    ])
    expect(await markdownOf(await documentFile('charts.xlsx', book))).toBe(
      '## S\n\n| | mm | hours |\n| --- | --- | --- |\n| 2024-03-15 | 4 | 7 |\n| 2024-04-15 | 5 | |\n\n![A cloud](image)\n',
    )
  })

  it('reads 50,000 rows', async () => {
    const row = (n: number) =>
      `<row r="${n}"><c r="A${n}"><v>${n}</v></c><c r="B${n}" t="str"><v>text ${n}</v></c></row>`
    const rows = Array.from({ length: 50_000 }, (_, index) => row(index + 1)).join('')
    const markdown = await fromSheets([{ name: 'S', rows }])
    expect(markdown.split('\n')).toHaveLength(50_000 + 4)
    expect(markdown.endsWith('| 50000 | text 50000 |\n')).toBe(true)
  })

  it('makes nothing of cells without a value, whatever type they have, and keeps what is no number', async () => {
    const cells = ['s', 'b', 'inlineStr', 'n', 'str'].map((type) => `<c t="${type}"/>`).join('')
    const rows = `<row>${cells}<c t="s"><v>7</v></c><c t="b"><v>0</v></c><c><v>1</v></c><c><v>n/a</v></c></row>`
    expect(await fromSheets([{ name: 'S', rows }], { texts: '<si><t>first</t></si>' })).toBe(
      '## S\n\n| FALSE | 1 | n/a |\n| --- | --- | --- |\n',
    )
  })

  it('writes shares by the format of positive numbers, and numbers as they are where a format is not told', async () => {
    const styles = `<numFmts><numFmt numFmtId="170" formatCode="0%;-0.00%"/><numFmt numFmtId="171"/></numFmts><cellXfs><xf numFmtId="9"/><xf numFmtId="170"/><xf numFmtId="171"/><xf/></cellXfs>`
    const cells = [0, 1, 2, 3].map((style) => `<c s="${style}"><v>0.25</v></c>`)
    const [row] = tables(await fromSheets([{ name: 'S', rows: `<row>${cells.join('')}</row>` }], { styles }))
    expect(row?.[0]).toEqual(['25%', '25%', '0.25', '0.25'])
  })

  it('keeps the text of cells that lead to a place in the workbook, or to a file', async () => {
    const rows = textRows([{ A1: 'web', B1: 'inside', C1: 'file', D1: 'lost' }])
    const after =
      '<hyperlinks><hyperlink ref="A1:A2" r:id="w"/><hyperlink ref="B1" location="S!A9"/><hyperlink ref="C1" r:id="f"/><hyperlink r:id="w"/></hyperlinks>'
    const own: Relation[] = [
      ['w', 'hyperlink', 'https://a.example/'],
      ['f', 'hyperlink', 'budget.xlsx'],
    ]
    expect(await fromSheets([{ name: 'S', rows, after, relations: own }])).toContain(
      '| [web](https://a.example/) | inside | file | lost |',
    )
  })

  it('is read without styles and shared texts, which a writer may leave out', async () => {
    const only = relations('xl/workbook.xml', [['s0', 'worksheet', 'worksheets/sheet0.xml']])
    const rows = '<row r="1"><c r="A1" s="1"><v>7</v></c><c r="B1" t="s"><v>0</v></c></row>'
    const book = workbookFile([{ name: 'S', rows }], {}, [only])
    expect(await markdownOf(await documentFile('bare.xlsx', book))).toBe('## S\n\n7\n')
  })

  it('keeps text boxes that lie over the cells', async () => {
    const box = '<xdr:sp><xdr:txBody><a:p><a:r><a:t>Mind the gap</a:t></a:r></a:p></xdr:txBody></xdr:sp>'
    const drawing = `<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:absoluteAnchor>${box}</xdr:absoluteAnchor></xdr:wsDr>`
    const own: Relation[] = [['d', 'drawing', '../drawings/d.xml']]
    const book = workbookFile([{ name: 'S', rows: '', relations: own }], {}, [
      { name: 'xl/drawings/d.xml', content: drawing },
    ])
    expect(await markdownOf(await documentFile('box.xlsx', book))).toBe('## S\n\nMind the gap\n')
  })

  it.each(['XFE1', 'ABCDE1', '1'])('is told to be damaged by a cell %s, which no sheet has', async (at) => {
    await expect(fromSheets([{ name: 'S', rows: textRows([{ [at]: 'x' }]) }])).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      cause: { message: `there is no cell ${at}` },
    })
  })

  it('is refused where its cells are too far apart for a table', async () => {
    const column = (n: number): string =>
      n < 0 ? '' : column(Math.floor(n / 26) - 1) + String.fromCharCode(65 + (n % 26))
    const rows = Array.from({ length: 4_500 }, (_, n) => ({ [`${column(n)}${n + 1}`]: 'x' }))
    await expect(fromSheets([{ name: 'S', rows: textRows(rows) }])).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      message: expect.stringMatching(/its cells are too far apart/),
    })
  })
})
