import { describe, expect, it } from 'vitest'
import { documentFile, headings, markdownOf, metadataOf, outOfOrder, sample, tables } from './documents.js'
import { type Relation, relations } from './office-file.js'
import { wordFile } from './zip-file.js'

describe('test.docx', () => {
  it('keeps its headings, whose style ids are numbers', async () => {
    const markdown = await markdownOf(sample('test.docx'))
    expect(headings(markdown, 1)).toEqual([
      'AutoGen: Enabling Next-Gen LLM Applications via Multi-Agent Conversation',
      'Abstract',
      'Introduction',
    ])
    expect(headings(markdown, 2)).toEqual(['d666f1f7-46cb-42bd-9a39-9a39cf2a509f'])
  })

  it('keeps its text in order', async () => {
    const markdown = await markdownOf(sample('test.docx'))
    const wanted = [
      'Qingyun Wu',
      'AutoGen is an open-source framework',
      'Large language models (LLMs) are becoming a crucial building block',
      'd666f1f7-46cb-42bd-9a39-9a39cf2a509f',
      '314b0a30-5b04-470b-b9f7-eed2c2bec74a',
      'Here is a random table for .docx parsing test purposes:',
      '49e168b7-d2ae-407f-a055-2167576f39a1',
      'Test Image:',
      '![图形用户界面',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
  })

  it('keeps its table of five rows and six columns', async () => {
    const [table, ...others] = tables(await markdownOf(sample('test.docx')))
    expect(others).toEqual([])
    expect(table?.map((row) => row.length)).toEqual([6, 6, 6, 6, 6])
    expect(table?.[0]).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(table?.[4]).toEqual(['24', '25', '26', '27', '28', '29'])
  })

  it('has eight paragraphs of text, four of them headings, and neither lists, links nor footnotes', async () => {
    const blocks = (await markdownOf(sample('test.docx'))).trimEnd().split('\n\n')
    expect(blocks.filter((block) => block.startsWith('#'))).toHaveLength(4)
    expect(blocks.map((block) => block.slice(0, 9))).toEqual([
      ...['# AutoGen', 'Qingyun W', '# Abstrac', 'AutoGen i', '# Introdu', 'Large lan', '## d666f1'],
      ...['In light ', 'Here is a', '| 1 | 2 |', 'Test Imag', '![图形用户界面,'],
    ])
    expect(blocks.filter((block) => /^[-\d]|\]\(http|\[\^/.test(block))).toEqual([])
  })

  it('leaves its picture out of the text', async () => {
    expect(await markdownOf(sample('test.docx'))).not.toMatch(/base64|<img/)
  })
})

describe('DOCX', () => {
  const text = (content: string) => `<w:r><w:t xml:space="preserve">${content}</w:t></w:r>`
  const part = (name: string, content: string) => ({
    name: `word/${name}.xml`,
    content: `<w:${name} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${content}</w:${name}>`,
  })
  const fromBody = async (body: string, parts: ReturnType<typeof part>[] = [], own: Relation[] = []) => {
    const named = parts.flatMap(({ name }): Relation[] => {
      const type = name.replace(/^word\/|\.xml$/g, '')
      return type.includes('/') ? [] : [[type, type, `${type}.xml`]]
    })
    const rels = relations('word/document.xml', [...named, ...own])
    return markdownOf(await documentFile('body.docx', wordFile(body, [...parts, rels])))
  }
  const style = (id: string, name: string, properties: string) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${properties}</w:style>`
  const paragraph = (styleId: string, text: string) =>
    `<w:p><w:pPr><w:pStyle w:val="${styleId}"/></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`
  const styled = (styles: string, body: string) =>
    documentFile(
      'styled.docx',
      wordFile(body, [
        {
          name: 'word/styles.xml',
          content: `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${styles}</w:styles>`,
        },
      ]),
    )

  it('takes a style of the author’s own as a heading by its outline level', async () => {
    const own = style('x', "Author's &amp; own", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
    const path = await styled(own, paragraph('x', 'Own heading') + paragraph('y', 'Text'))
    expect(await markdownOf(path)).toBe('## Own heading\n\nText\n')
  })

  it('takes the outline level from the style that one is based on', async () => {
    const base = style('b', 'Base', '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    const path = await styled(
      base + style('d', 'Derived', '<w:basedOn w:val="b"/>'),
      paragraph('d', 'Derived'),
    )
    expect(await markdownOf(path)).toBe('# Derived\n')
  })

  it('is not led in circles by styles based on each other', async () => {
    const styles = style('a', 'A', '<w:basedOn w:val="b"/>') + style('b', 'B', '<w:basedOn w:val="a"/>')
    expect(await markdownOf(await styled(styles, paragraph('a', 'Text')))).toBe('Text\n')
  })

  it('takes a paragraph as a heading by an outline level of its own', async () => {
    const body = '<w:p><w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>Third</w:t></w:r></w:p>'
    expect(await fromBody(body)).toBe('### Third\n')
  })

  it('knows Word’s own headings by name, and a style based on one that is body text again', async () => {
    const styles =
      style('1', 'heading 2', '') +
      style('2', 'TOC Heading', '<w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
    const path = await styled(styles, paragraph('1', 'Section') + paragraph('2', 'Contents'))
    expect(await markdownOf(path)).toBe('## Section\n\nContents\n')
  })

  it('nests lists, and goes on counting after a paragraph in between', async () => {
    const level = (depth: number, format: string) =>
      `<w:lvl w:ilvl="${depth}"><w:start w:val="1"/><w:numFmt w:val="${format}"/></w:lvl>`
    const numbering = `<w:abstractNum w:abstractNumId="0">${level(0, 'decimal')}${level(1, 'bullet')}</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>`
    const item = (depth: number, content: string) =>
      `<w:p><w:pPr><w:numPr><w:ilvl w:val="${depth}"/><w:numId w:val="7"/></w:numPr></w:pPr>${text(content)}</w:p>`
    const body = `${item(0, 'one')}${item(1, 'inner')}${item(0, 'two')}<w:p>${text('between')}</w:p>${item(0, 'three')}`
    expect(await fromBody(body, [part('numbering', numbering)])).toBe(
      '1. one\n    - inner\n2. two\n\nbetween\n\n3. three\n',
    )
  })

  it('keeps footnotes and endnotes where they are referred to', async () => {
    const note = (kind: string, content: string) =>
      `<w:${kind} w:id="2"><w:p><w:r><w:${kind}Ref/></w:r>${text(content)}</w:p></w:${kind}>`
    const body =
      '<w:p><w:r><w:t>One</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t> two</w:t></w:r><w:r><w:endnoteReference w:id="2"/></w:r></w:p>'
    const parts = [
      part('footnotes', note('footnote', 'below')),
      part('endnotes', note('endnote', 'at the end')),
    ]
    expect(await fromBody(body, parts)).toBe('One[^1] two[^2]\n\n[^1]: below\n\n[^2]: at the end\n')
  })

  it('shows the text as it is when all changes are accepted, without what is hidden', async () => {
    const body =
      '<w:p><w:ins><w:r><w:t>new </w:t></w:r></w:ins><w:del><w:r><w:delText>old </w:delText></w:r></w:del><w:moveFrom><w:r><w:t>away </w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>here</w:t></w:r></w:moveTo><w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r></w:p>'
    expect(await fromBody(body)).toBe('new here\n')
  })

  it('joins a paragraph whose end was deleted to the next', async () => {
    const body = `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>${text('one ')}</w:p><w:p>${text('two')}</w:p>`
    expect(await fromBody(body)).toBe('one two\n')
  })

  it('keeps links of both kinds, and the text alone of those within the document', async () => {
    const field = (mark: string) => `<w:r><w:fldChar w:fldCharType="${mark}"/></w:r>`
    const body = `<w:p><w:hyperlink r:id="web">${text('site')}</w:hyperlink>${text(' ')}${field('begin')}<w:r><w:instrText> HYPERLINK "https://b.example/" </w:instrText></w:r>${field('separate')}${text('field')}${field('end')}${text(' ')}<w:hyperlink w:anchor="x">${text('inside')}</w:hyperlink></w:p>`
    const markdown = await fromBody(body, [], [['web', 'hyperlink', 'https://a.example/']])
    expect(markdown).toBe('[site](https://a.example/) [field](https://b.example/) inside\n')
  })

  it('takes a blank bullet for a paragraph below its item', async () => {
    const level = (mark: string) =>
      `<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="${mark}"/></w:lvl>`
    const list = (id: number, mark: string) =>
      `<w:abstractNum w:abstractNumId="${id}">${level(mark)}</w:abstractNum>`
    const ids = [1, 2].map((id) => `<w:num w:numId="${id}"><w:abstractNumId w:val="${id}"/></w:num>`)
    const item = (id: number, content: string) =>
      `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="${id}"/></w:numPr></w:pPr>${text(content)}</w:p>`
    const numbering = part('numbering', list(1, '•') + list(2, ' ') + ids.join(''))
    expect(await fromBody(item(1, 'one') + item(2, 'more of it'), [numbering])).toBe('- one\n\nmore of it\n')
  })

  it('keeps the paragraphs of a quotation apart', async () => {
    const path = await styled(style('q', 'Quote', ''), paragraph('q', 'One.') + paragraph('q', 'Two.'))
    expect(await markdownOf(path)).toBe('> One.\n>\n> Two.\n')
  })

  it('keeps merged cells in their columns', async () => {
    const cell = (content: string, properties = '') =>
      `<w:tc><w:tcPr>${properties}</w:tcPr><w:p>${content && text(content)}</w:p></w:tc>`
    const row = (...cells: string[]) => `<w:tr>${cells.join('')}</w:tr>`
    const rows = [
      row(cell('wide', '<w:gridSpan w:val="2"/>'), cell('c')),
      row(cell('tall', '<w:vMerge w:val="restart"/>'), cell('1'), cell('2')),
      row(cell('', '<w:vMerge/>'), cell('3'), cell('4')),
    ]
    expect(await fromBody(`<w:tbl>${rows.join('')}</w:tbl>`)).toBe(
      '| wide | | c |\n| --- | --- | --- |\n| tall | 1 | 2 |\n| | 3 | 4 |\n',
    )
  })

  it('keeps the text of a table in a cell, where there is no room for a table', async () => {
    const cell = (content: string) => `<w:tc>${content}</w:tc>`
    const row = (...texts: string[]) =>
      `<w:tr>${texts.map((content) => cell(`<w:p>${text(content)}</w:p>`)).join('')}</w:tr>`
    const inner = `<w:tbl>${row('1', '2')}${row('3', '4')}</w:tbl>`
    const body = `<w:tbl>${row('a', 'b')}<w:tr>${cell(inner)}${cell(`<w:p>${text('c')}</w:p>`)}</w:tr></w:tbl>`
    expect(await fromBody(body)).toBe('| a | b |\n| --- | --- |\n| 1 2 3 4 | c |\n')
  })

  it('escapes text that would begin a heading or a list, but not in cells, where none can begin', async () => {
    const cell = (content: string) => `<w:tc><w:p>${text(content)}</w:p></w:tc>`
    const row = `<w:tr>${cell('-')}${cell('1. x')}</w:tr>`
    const body = `<w:p>${text('# one')}</w:p><w:p>${text('2. two')}</w:p><w:tbl>${row}${row}</w:tbl>`
    expect(await fromBody(body)).toBe('\\# one\n\n2\\. two\n\n| - | 1. x |\n| --- | --- |\n| - | 1. x |\n')
  })

  it('keeps text boxes once, though Word writes them twice, and formulas', async () => {
    const box = `<w:txbxContent><w:p>${text('In a box')}</w:p></w:txbxContent>`
    const formula =
      '<m:oMath><m:r><m:t>E=</m:t></m:r><m:sSup><m:e><m:r><m:t>mc</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>'
    const body = `<w:p>${text('Before ')}${formula}<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>${box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>${box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`
    expect(await fromBody(body)).toBe('Before E=mc^2\n\nIn a box\n')
  })

  it('keeps the title and the data of a chart, and the alternative text of a picture', async () => {
    const drawing = (data: string, description = '') =>
      `<w:r><w:drawing><wp:inline><wp:docPr descr="${description}"/><a:graphic><a:graphicData>${data}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
    const chart =
      '<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Rain</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:v>mm</c:v></c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>May</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx="0"><c:v>40</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>'
    const body = `<w:p>${drawing('<c:chart r:id="c1"/>')}</w:p><w:p>${drawing('<pic:pic/>', 'A cloud')}</w:p>`
    const markdown = await fromBody(
      body,
      [{ name: 'word/charts/chart1.xml', content: chart }],
      [['c1', 'chart', 'charts/chart1.xml']],
    )
    expect(markdown).toBe('### Rain\n\n| | mm |\n| --- | --- |\n| May | 40 |\n\n![A cloud](image)\n')
  })

  it('keeps code, symbols and the state of boxes to tick', async () => {
    const code = style('c', 'Source Code', '')
    const path = await styled(code, paragraph('c', 'if x:') + paragraph('c', '  y()'))
    expect(await markdownOf(path)).toBe('```\nif x:\n  y()\n```\n')
    const box =
      '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    const alpha = '<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>'
    expect(await fromBody(`<w:p>${box}${text(' done ')}${alpha}</w:p>`)).toBe('☒ done α\n')
  })

  it('writes raised and lowered numbers with the letters of Unicode', async () => {
    const set = (place: string, content: string) =>
      `<w:r><w:rPr><w:vertAlign w:val="${place}"/></w:rPr><w:t>${content}</w:t></w:r>`
    const body = `<w:p>${text('10')}${set('superscript', '6')}${text(' of H')}${set('subscript', '2')}${text('O, 1')}${set('superscript', 'st')}</w:p>`
    expect(await fromBody(body)).toBe('10⁶ of H₂O, 1st\n')
  })

  it('writes formulas in one line', async () => {
    const letters = (content: string) => `<m:r><m:t>${content}</m:t></m:r>`
    const box = (name: string, inner: string) => `<m:${name}>${inner}</m:${name}>`
    const fraction = box('f', box('num', letters('a+b')) + box('den', letters('2')))
    const root = box('rad', box('e', letters('x')))
    const low = box('sSub', box('e', letters('y')) + box('sub', letters('1')))
    const both = box('sSubSup', box('e', letters('z')) + box('sub', letters('i')) + box('sup', letters('n')))
    const sum = box(
      'nary',
      '<m:naryPr><m:chr m:val="∑"/></m:naryPr>' +
        box('sub', letters('i=1')) +
        box('sup', letters('n')) +
        box('e', box('d', box('e', letters('i')))),
    )
    const formula = [fraction, root, low, both, sum].join(letters(' , '))
    expect(await fromBody(`<w:p><m:oMathPara>${box('oMath', formula)}</m:oMathPara></w:p>`)).toBe(
      '(a+b)/2 , √x , y_1 , z_i^n , ∑_(i=1)^n (i)\n',
    )
  })

  it('begins a list where it is told to, also one that is the list of a style', async () => {
    const level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>'
    const numbering = [
      `<w:abstractNum w:abstractNumId="0"><w:styleLink w:val="L"/>${level}</w:abstractNum>`,
      '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="L"/></w:abstractNum>',
      '<w:num w:numId="5"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>',
    ]
    const body = `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr>${text('four')}</w:p>`
    expect(await fromBody(body, [part('numbering', numbering.join(''))])).toBe('4. four\n')
  })

  it('keeps simple fields and page breaks within a line, and leaves out how a word is read', async () => {
    const field = `<w:fldSimple w:instr=" HYPERLINK &quot;https://a.example/&quot; ">${text('site')}</w:fldSimple>`
    const ruby = `<w:r><w:ruby><w:rt>${text('ame')}</w:rt><w:rubyBase>${text('雨')}</w:rubyBase></w:ruby></w:r>`
    const body = `<w:p>${field}${text(' ')}${ruby}<w:r><w:br w:type="page"/><w:t>next</w:t><w:noBreakHyphen/><w:t>one</w:t></w:r></w:p>`
    expect(await fromBody(body)).toBe('[site](https://a.example/) 雨 next\u2011one\n')
  })

  it('tells its title, author and pages', async () => {
    const core =
      '<c:coreProperties xmlns:c="c" xmlns:dc="d"><dc:title>Report</dc:title><dc:creator>A. Author</dc:creator></c:coreProperties>'
    const root = relations('', [
      ['main', 'officeDocument', 'word/document.xml'],
      ['core', 'core-properties', 'docProps/core.xml'],
      ['app', 'extended-properties', 'docProps/app.xml'],
    ])
    const parts = [
      { name: 'docProps/core.xml', content: core },
      { name: 'docProps/app.xml', content: '<Properties><Pages>3</Pages></Properties>' },
      root,
    ]
    const path = await documentFile('told.docx', wordFile('<w:p/>', parts))
    expect(await metadataOf(path)).toEqual({ title: 'Report', author: 'A. Author', pages: 3 })
  })
})
