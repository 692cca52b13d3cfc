import { describe, expect, it } from 'vitest'
import { fromBody, paragraph, part, style, styledParagraph, text } from './word-file.js'

const bullet = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'

function level(depth: number, format: string, start = '<w:start w:val="1"/>'): string {
  return `<w:lvl w:ilvl="${depth}">${start}<w:numFmt w:val="${format}"/></w:lvl>`
}

/** A definition of levels, and the list that uses it under the same number. */
function list(id: number, levels: string, changes = ''): string {
  return `<w:abstractNum w:abstractNumId="${id}">${levels}</w:abstractNum><w:num w:numId="${id}"><w:abstractNumId w:val="${id}"/>${changes}</w:num>`
}

function item(id: number, content: string, depth = 0): string {
  return paragraph(text(content), `<w:numPr><w:ilvl w:val="${depth}"/><w:numId w:val="${id}"/></w:numPr>`)
}

const fromLists = (numbering: string, body: string, styles = '') =>
  fromBody(body, [part('numbering', numbering), part('styles', styles)])

describe('lists of a DOCX', () => {
  it('nest, and go on counting after a paragraph in between', async () => {
    const between = paragraph(text('between'))
    const body = item(7, 'one') + item(7, 'inner', 1) + item(7, 'two') + between + item(7, 'three')
    expect(await fromLists(list(7, level(0, 'decimal') + level(1, 'bullet')), body)).toBe(
      '1. one\n    - inner\n2. two\n\nbetween\n\n3. three\n',
    )
  })

  it('have a blank bullet for a paragraph below its item', async () => {
    const numbering = list(1, bullet) + list(2, bullet.replace('•', ' '))
    expect(await fromLists(numbering, item(1, 'one') + item(2, 'more of it'))).toBe('- one\n\nmore of it\n')
  })

  it('begin where they are told to, also one that is the list of a style', async () => {
    const numbering = [
      `<w:abstractNum w:abstractNumId="0"><w:styleLink w:val="L"/>${level(0, 'decimal')}</w:abstractNum>`,
      '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="L"/></w:abstractNum>',
      '<w:num w:numId="5"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>',
    ]
    expect(await fromLists(numbering.join(''), item(5, 'four'))).toBe('4. four\n')
  })

  it('are plain paragraphs where the style that has the list is missing', async () => {
    const numbering = list(1, '<w:numStyleLink w:val="Gone"/>')
    expect(await fromLists(numbering, item(1, 'one') + item(1, 'two'))).toBe('one\n\ntwo\n')
  })

  it('begin at 0 and with decimal numbers where a level tells neither, as ECMA-376 has it', async () => {
    const numbering = list(1, '<w:lvl w:ilvl="0"/>') + list(2, level(0, 'upperRoman', '<w:start w:val="0"/>'))
    const body = item(1, 'none') + item(1, 'one') + paragraph(text('between')) + item(2, 'zero')
    expect(await fromLists(numbering, body)).toBe('0. none\n1. one\n\nbetween\n\n0. zero\n')
  })

  it('take a level that one of them changes, with or without a start of its own', async () => {
    const change = (inner: string) => `<w:lvlOverride w:ilvl="0">${inner}</w:lvlOverride>`
    const numbering = [
      list(1, level(0, 'decimal'), change(bullet)),
      list(2, bullet, change(level(0, 'decimal', '<w:start w:val="3"/>'))),
      list(3, bullet, change(`<w:startOverride w:val="5"/>${level(0, 'decimal')}`)),
      list(4, level(0, 'decimal'), '<w:lvlOverride w:ilvl="9"><w:startOverride w:val="5"/></w:lvlOverride>'),
    ]
    const lists = [1, 2, 3, 4].map((id) => item(id, `list ${id}`)).join(paragraph(text('between')))
    expect(await fromLists(numbering.join(''), lists)).toBe(
      ['- list 1', '3. list 2', '5. list 3', '1. list 4'].join('\n\nbetween\n\n').concat('\n'),
    )
  })

  it('do not have levels beyond the nine of Word', async () => {
    const numbering = list(1, level(9, 'decimal') + level(0, 'decimal'))
    expect(await fromLists(numbering, item(1, 'one') + item(1, 'too deep', 9))).toBe('1. one\n\ntoo deep\n')
  })

  it('end where a list of the other kind begins', async () => {
    const body = item(1, 'bullet') + item(2, 'first') + item(2, 'second') + item(1, 'again')
    expect(await fromLists(list(1, bullet) + list(2, level(0, 'decimal')), body)).toBe(
      '- bullet\n\n1. first\n2. second\n\n- again\n',
    )
  })

  it('come from a style, whose paragraphs may change the level or take themselves out', async () => {
    const styles = style('L', 'List Bullet', '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    const own = (content: string, properties: string) =>
      paragraph(text(content), `<w:pStyle w:val="L"/><w:numPr>${properties}</w:numPr>`)
    const body = [
      styledParagraph('L', 'one'),
      own('inner', '<w:ilvl w:val="1"/>'),
      styledParagraph('L', 'two'),
      own('none', '<w:numId w:val="0"/>'),
    ]
    expect(await fromLists(list(1, bullet + level(1, 'decimal')), body.join(''), styles)).toBe(
      '- one\n    1. inner\n- two\n\nnone\n',
    )
  })

  it('and code stay apart where one follows the other', async () => {
    const code = style('C', 'Source Code', '')
    const body = styledParagraph('C', 'x()') + item(1, 'one') + styledParagraph('C', 'y()')
    expect(await fromLists(list(1, bullet), body, code)).toBe('```\nx()\n```\n\n- one\n\n```\ny()\n```\n')
  })
})
