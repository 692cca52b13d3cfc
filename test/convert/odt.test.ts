import { describe, expect, it } from 'vitest'
import { documentFile, markdownOf, metadataOf } from './documents.js'
import { chartPart, type OdfParts, odfFile, odfNames } from './odf-file.js'

async function fromText(body: string, parts: OdfParts = {}): Promise<string> {
  return markdownOf(await documentFile('text.odt', odfFile('text', body, parts)))
}

const textStyle = (name: string, properties: string) =>
  `<style:style style:name="${name}" style:family="text"><style:text-properties ${properties}/></style:style>`

describe('ODT', () => {
  it('takes headings from their outline level, and paragraphs whose style has one', async () => {
    const named =
      '<style:style style:name="Title" style:family="paragraph"/><style:style style:name="Own" style:family="paragraph" style:default-outline-level="3"/>'
    const automatic = '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Own"/>'
    const body =
      '<text:p text:style-name="Title">The title</text:p><text:h text:outline-level="2">Section</text:h><text:p text:style-name="P1">Styled</text:p><text:p>Text</text:p>'
    expect(await fromText(body, { named, automatic })).toBe(
      '# The title\n\n## Section\n\n### Styled\n\nText\n',
    )
  })

  it('knows a title by the name of its style, also where the file does not have that style', async () => {
    expect(await fromText('<text:p text:style-name="Title">The title</text:p>')).toBe('# The title\n')
  })

  it('writes raised and lowered numbers with the letters of Unicode', async () => {
    const automatic =
      textStyle('T1', 'style:text-position="super 58%"') + textStyle('T2', 'style:text-position="-33% 58%"')
    const span = (name: string, text: string) => `<text:span text:style-name="${name}">${text}</text:span>`
    const body = `<text:p>m${span('T1', '3')} of H${span('T2', '2')}O, 1${span('T1', 'st')}</text:p>`
    expect(await fromText(body, { automatic })).toBe('m³ of H₂O, 1st\n')
  })

  it('keeps formulas in their line', async () => {
    const power = '<m:msup><m:mi>c</m:mi><m:mn>2</m:mn></m:msup>'
    const share =
      '<m:mfrac><m:mrow><m:mi>a</m:mi><m:mo>+</m:mo><m:mi>b</m:mi></m:mrow><m:mn>2</m:mn></m:mfrac>'
    const sum =
      '<m:munderover><m:mo>∑</m:mo><m:mn>1</m:mn><m:mi>n</m:mi></m:munderover><m:msqrt><m:mi>i</m:mi></m:msqrt>'
    const formula = `<m:math xmlns:m="m"><m:semantics><m:mrow>${power}${share}${sum}</m:mrow><m:annotation>c^2</m:annotation></m:semantics></m:math>`
    const body =
      '<text:p>Take <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame> twice.</text:p>'
    expect(await fromText(body, { parts: [{ name: 'Object 1/content.xml', content: formula }] })).toBe(
      'Take c^2(a+b)/2∑_1^n√i twice.\n',
    )
  })

  it('keeps emphasis, whatever style it comes from', async () => {
    const automatic =
      textStyle('T1', 'fo:font-weight="bold"') +
      textStyle('T2', 'fo:font-style="italic"') +
      textStyle('T3', 'style:text-line-through-style="solid"')
    const body =
      '<text:p>a <text:span text:style-name="T1">bold </text:span><text:span text:style-name="T1">move</text:span>, <text:span text:style-name="T2">slanted</text:span>, <text:span text:style-name="T3">gone</text:span>, <text:span text:style-name="Source_20_Text">x_y</text:span></text:p>'
    const named = '<style:style style:name="Source_20_Text" style:family="text"/>'
    expect(await fromText(body, { automatic, named })).toBe('a **bold move**, *slanted*, ~~gone~~, `x_y`\n')
  })

  it('nests lists, bulleted and numbered', async () => {
    const automatic =
      '<text:list-style style:name="L1"><text:list-level-style-bullet text:level="1"/><text:list-level-style-number text:level="2" style:num-format="1"/></text:list-style>'
    const item = (text: string, nested = '') =>
      `<text:list-item><text:p>${text}</text:p>${nested}</text:list-item>`
    const inner = `<text:list>${item('first')}${item('second')}</text:list>`
    const body = `<text:list text:style-name="L1">${item('one', inner)}${item('two')}</text:list>`
    expect(await fromText(body, { automatic })).toBe('- one\n    1. first\n    2. second\n- two\n')
  })

  it('goes on counting where a list goes on after a paragraph', async () => {
    const automatic =
      '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
    const list = (text: string, attributes = '') =>
      `<text:list text:style-name="L1" ${attributes}><text:list-item><text:p>${text}</text:p></text:list-item></text:list>`
    const body = `${list('one')}<text:p>between</text:p>${list('two', 'text:continue-numbering="true"')}`
    expect(await fromText(body, { automatic })).toBe('1. one\n\nbetween\n\n2. two\n')
  })

  it('takes numbered headings for headings, not for lists', async () => {
    const body =
      '<text:list><text:list-item><text:h text:outline-level="1">Chapter</text:h></text:list-item></text:list><text:p>Text</text:p>'
    expect(await fromText(body)).toBe('# Chapter\n\nText\n')
  })

  it('keeps tables, with merged and repeated cells in their columns', async () => {
    const cell = (text: string, attributes = '') =>
      `<table:table-cell ${attributes}><text:p>${text}</text:p></table:table-cell>`
    const row = (...cells: string[]) => `<table:table-row>${cells.join('')}</table:table-row>`
    const body = `<table:table><table:table-column/><table:table-header-rows>${row(cell('A'), cell('B'), cell('C'))}</table:table-header-rows>${row(
      cell('wide', 'table:number-columns-spanned="2"'),
      '<table:covered-table-cell/>',
      cell('c|d'),
    )}${row(cell('x', 'table:number-columns-repeated="3"'))}</table:table>`
    expect(await fromText(body)).toBe(
      '| A | B | C |\n| --- | --- | --- |\n| wide | | c\\|d |\n| x | x | x |\n',
    )
  })

  it('keeps footnotes and endnotes where they are referred to', async () => {
    const note = (text: string) =>
      `<text:note><text:note-citation>9</text:note-citation><text:note-body><text:p>${text}</text:p></text:note-body></text:note>`
    const body = `<text:p>One${note('first note')} and two${note('second note')}.</text:p>`
    expect(await fromText(body)).toBe('One[^1] and two[^2].\n\n[^1]: first note\n\n[^2]: second note\n')
  })

  it('keeps links to the web and the text of those within the document', async () => {
    const body =
      '<text:p><text:a xlink:href="https://example.org/?a=1&amp;b=2">out</text:a> and <text:a xlink:href="#Section">in</text:a><text:bookmark text:name="b"/></text:p>'
    expect(await fromText(body)).toBe('[out](https://example.org/?a=1&b=2) and in\n')
  })

  it('keeps spaces, tabs and line breaks that are elements', async () => {
    const body = '<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d</text:p>'
    expect(await fromText(body)).toBe('a b c  \nd\n')
  })

  it('keeps alternative texts of pictures, text in boxes and code with its indentation', async () => {
    const named =
      '<style:style style:name="Preformatted_20_Text" style:display-name="Preformatted Text" style:family="paragraph"/>'
    const code = (text: string) => `<text:p text:style-name="Preformatted_20_Text">${text}</text:p>`
    const body = `<text:p>See <draw:frame><draw:image xlink:href="Pictures/1.png"/><svg:desc>A rain gauge</svg:desc></draw:frame></text:p><text:p><draw:frame><draw:text-box><text:p>Boxed</text:p></draw:text-box></draw:frame></text:p>${code('if x:')}${code('<text:s text:c="2"/>y()')}`
    expect(await fromText(body, { named })).toBe(
      'See ![A rain gauge](image)\n\nBoxed\n\n```\nif x:\n  y()\n```\n',
    )
  })

  it('keeps the title and the data of a chart', async () => {
    const parts = [
      chartPart('Object 1', 'Rain', [
        ['', 'mm'],
        ['May', '40'],
      ]),
    ]
    const body =
      '<text:p><draw:frame><draw:object xlink:href="./Object 1"/><draw:image xlink:href="x"/></draw:frame></text:p>'
    expect(await fromText(body, { parts })).toBe('### Rain\n\n| | mm |\n| --- | --- |\n| May | 40 |\n')
  })

  it('leaves out what was deleted and what is commented', async () => {
    const body =
      '<text:tracked-changes><text:changed-region><text:deletion><text:p>old</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>kept<office:annotation><text:p>remark</text:p></office:annotation></text:p>'
    expect(await fromText(body)).toBe('kept\n')
  })

  it('tells its title, author and pages', async () => {
    const meta =
      '<dc:title>Report</dc:title><meta:initial-creator>A. Author</meta:initial-creator><meta:document-statistic meta:page-count="7"/>'
    const path = await documentFile('m.odt', odfFile('text', '<text:p>x</text:p>', { meta }))
    expect(await metadataOf(path)).toEqual({ title: 'Report', author: 'A. Author', pages: 7 })
  })

  it('is refused when its parts are encrypted', async () => {
    const manifest = `<manifest ${odfNames}><file-entry><encryption-data/></file-entry></manifest>`
    const parts = [{ name: 'META-INF/manifest.xml', content: manifest }]
    await expect(fromText('<text:p>x</text:p>', { parts })).rejects.toMatchObject({ code: 'FILE_ENCRYPTED' })
  })
})
