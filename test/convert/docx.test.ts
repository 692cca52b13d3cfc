import { describe, expect, it } from 'vitest'
import { documentFile, headings, markdownOf, metadataOf, outOfOrder, sample, tables } from './documents.js'
import { relations } from './office-file.js'
import { fromBody, fromStyled, part, style, styledParagraph, text } from './word-file.js'
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
  it('takes a style of the author’s own as a heading by its outline level', async () => {
    const own = style('x', "Author's &amp; own", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
    const markdown = await fromStyled(own, styledParagraph('x', 'Own heading') + styledParagraph('y', 'Text'))
    expect(markdown).toBe('## Own heading\n\nText\n')
  })

  it('takes the outline level from the style that one is based on', async () => {
    const base = style('b', 'Base', '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    const markdown = await fromStyled(
      base + style('d', 'Derived', '<w:basedOn w:val="b"/>'),
      styledParagraph('d', 'Derived'),
    )
    expect(markdown).toBe('# Derived\n')
  })

  it('is not led in circles by styles based on each other', async () => {
    const styles = style('a', 'A', '<w:basedOn w:val="b"/>') + style('b', 'B', '<w:basedOn w:val="a"/>')
    expect(await fromStyled(styles, styledParagraph('a', 'Text'))).toBe('Text\n')
  })

  it('takes a style without a name for one of text', async () => {
    expect(await fromStyled('<w:style w:styleId="n"/>', styledParagraph('n', 'Text'))).toBe('Text\n')
  })

  it('takes a paragraph as a heading by an outline level of its own', async () => {
    const body = '<w:p><w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>Third</w:t></w:r></w:p>'
    expect(await fromBody(body)).toBe('### Third\n')
  })

  it('knows Word’s own headings by name, and a style based on one that is body text again', async () => {
    const styles =
      style('1', 'heading 2', '') +
      style('2', 'TOC Heading', '<w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
    const markdown = await fromStyled(
      styles,
      styledParagraph('1', 'Section') + styledParagraph('2', 'Contents'),
    )
    expect(markdown).toBe('## Section\n\nContents\n')
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

  it('keeps the paragraphs of a quotation apart', async () => {
    const markdown = await fromStyled(
      style('q', 'Quote', ''),
      styledParagraph('q', 'One.') + styledParagraph('q', 'Two.'),
    )
    expect(markdown).toBe('> One.\n>\n> Two.\n')
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
    const markdown = await fromStyled(code, styledParagraph('c', 'if x:') + styledParagraph('c', '  y()'))
    expect(markdown).toBe('```\nif x:\n  y()\n```\n')
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
