import { describe, expect, it } from 'vitest'
import { fromBody, paragraph, part, text } from './word-file.js'

const run = (content: string) => `<w:r>${content}</w:r>`
const mark = (kind: string, inner = '') => run(`<w:fldChar w:fldCharType="${kind}">${inner}</w:fldChar>`)
const instruction = (content: string) => run(`<w:instrText>${content}</w:instrText>`)
const alternatives = (inner: string) => `<mc:AlternateContent>${inner}</mc:AlternateContent>`
const symbol = (font: string, code: string) => run(`<w:sym w:font="${font}" w:char="${code}"/>`)

describe('the text of a DOCX', () => {
  it('keeps line breaks and tabs, a tab as a space', async () => {
    const body = `${text('a')}${run('<w:tab/>')}${text('b')}${run('<w:br/>')}${text('c')}${run('<w:cr/>')}${text('d')}`
    expect(await fromBody(paragraph(body))).toBe('a b  \nc  \nd\n')
  })

  it('keeps symbols of any font that Unicode has, and nothing of those that it has not', async () => {
    const known = symbol('Segoe UI Symbol', '2713') + symbol('Wingdings', 'F0FC')
    const unknown = symbol('Own Font', 'E123') + symbol('Own Font', 'tick') + run('<w:sym/>')
    expect(await fromBody(paragraph(known + unknown + text(' done')))).toBe('✓✓ done\n')
  })

  it('keeps what a field shows that is no link, and the whole address of a link to a place in a page', async () => {
    const field = `<w:fldSimple w:instr=" AUTHOR ">${text('Ada')}</w:fldSimple>`
    const link = `<w:hyperlink r:id="web" w:anchor="part">${text('there')}</w:hyperlink>`
    const markdown = await fromBody(
      paragraph(`${field}${text(' ')}${link}`),
      [],
      [['web', 'hyperlink', 'https://a.example/page']],
    )
    expect(markdown).toBe('Ada [there](https://a.example/page#part)\n')
  })

  it('leaves out pictures, boxes and notes that are hidden, and gives the others their numbers', async () => {
    const hidden = (content: string) => run(`<w:rPr><w:vanish/></w:rPr>${content}`)
    const reference = (id: number) => `<w:footnoteReference w:id="${id}"/>`
    const picture = '<w:drawing><wp:docPr descr="Unseen"/></w:drawing>'
    const box = `<w:pict><w:txbxContent>${paragraph(text('unseen'))}</w:txbxContent></w:pict>`
    const note = (id: number, content: string) =>
      `<w:footnote w:id="${id}">${paragraph(text(content))}</w:footnote>`
    const body = hidden(reference(1) + picture + box) + text('seen') + run(reference(2))
    const notes = part('footnotes', note(1, 'unseen') + note(2, 'below'))
    expect(await fromBody(paragraph(body), [notes])).toBe('seen[^1]\n\n[^1]: below\n')
  })

  it('keeps the text of a field whose beginning was deleted', async () => {
    const deleted = `<w:del w:id="1">${mark('begin')}</w:del>`
    const body = deleted + instruction(' PAGE ') + mark('separate') + text('7') + mark('end') + text(' of 9')
    expect(await fromBody(paragraph(body))).toBe('7 of 9\n')
  })

  it('shows boxes to tick as they are, or as they are by default', async () => {
    const box = (state: string) =>
      mark('begin', `<w:ffData><w:checkBox>${state}</w:checkBox></w:ffData>`) +
      instruction(' FORMCHECKBOX ') +
      mark('end')
    const states = ['<w:checked/>', '<w:checked w:val="off"/>', '<w:default w:val="1"/>', '<w:size/>']
    const ticked = `${box(`${states[1]}${states[2]}`)}${states.map(box).join('')}`
    expect(await fromBody(paragraph(ticked))).toBe('☐☒☐☒☐\n')
  })

  it('reads the form for older readers where the newer has nothing, and nothing where there is none', async () => {
    const older = alternatives(`<mc:Choice Requires="x"/><mc:Fallback>${text('older')}</mc:Fallback>`)
    const none = alternatives('<mc:Choice Requires="x"/>')
    expect(await fromBody(paragraph(older + none))).toBe('older\n')
  })

  it('keeps the alternative texts of pictures in their old form, and nothing of those without one', async () => {
    const picture = (attributes: string, image = '') =>
      run(`<w:pict><v:shape xmlns:v="v" xmlns:o="o" ${attributes}><v:imagedata ${image}/></v:shape></w:pict>`)
    const body = [picture('alt="A cloud"'), picture('', 'o:title="A gauge"'), picture('')]
    expect(await fromBody(body.map((one) => paragraph(one)).join(''))).toBe(
      '![A cloud](image)\n\n![A gauge](image)\n',
    )
  })

  it('is nothing without a body', async () => {
    const empty = part('document', '')
    expect(await fromBody('', [empty])).toBe('\n')
  })

  it('takes the links of each note from the part it is in, and goes without a note that is missing', async () => {
    const reference = (kind: string, id: number) => run(`<w:${kind}Reference w:id="${id}"/>`)
    const linked = (kind: string) =>
      part(
        `${kind}s`,
        `<w:${kind} w:id="2"><w:p><w:hyperlink xmlns:r="r" r:id="web">${text(kind)}</w:hyperlink></w:p></w:${kind}>`,
      )
    const rels = (kind: string) => ({
      name: `word/_rels/${kind}s.xml.rels`,
      content: `<Relationships><Relationship Id="web" Type="x/hyperlink" Target="https://${kind}.example/" TargetMode="External"/></Relationships>`,
    })
    const kinds = ['footnote', 'endnote']
    const body = [reference('footnote', 2), reference('endnote', 2), reference('footnote', 9)].join('')
    const parts = kinds.flatMap((kind) => [linked(kind), rels(kind)])
    expect(await fromBody(paragraph(text('a') + body), parts)).toBe(
      'a[^1][^2][^3]\n\n[^1]: [footnote](https://footnote.example/)\n\n[^2]: [endnote](https://endnote.example/)\n',
    )
  })
})
