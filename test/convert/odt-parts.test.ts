import { describe, expect, it } from 'vitest'
import { documentFile, markdownOf } from './documents.js'
import { type OdfParts, odfFile, odfNames } from './odf-file.js'
import { zipFile } from './zip-file.js'

async function fromText(body: string, parts: OdfParts = {}): Promise<string> {
  return markdownOf(await documentFile('text.odt', odfFile('text', body, parts)))
}

describe('rarer parts of an ODT', () => {
  const formula = (inner: string) => ({
    name: 'Object 1/content.xml',
    content: `<m:math xmlns:m="m"><m:mrow>${inner}</m:mrow></m:math>`,
  })
  const frame = (inner: string) => `<draw:frame>${inner}</draw:frame>`
  const object = frame('<draw:object xlink:href="./Object 1"/>')

  it('write low and high letters of formulas, and roots of a degree as powers', async () => {
    const letter = (name: string) => `<m:mi>${name}</m:mi>`
    const parts = ['msub', 'munder', 'msubsup', 'mover', 'mroot'].map(
      (kind) => `<m:${kind}>${letter('a')}${letter('b')}${kind === 'msubsup' ? letter('c') : ''}</m:${kind}>`,
    )
    const inner = parts.join('<m:mtext> , </m:mtext>')
    expect(await fromText(`<text:p>${object}</text:p>`, { parts: [formula(inner)] })).toBe(
      'a_b,a_b,a_b^c,a^b,a^(1/b)\n',
    )
  })

  it('write a formula in time that nests as deep as a file may', async () => {
    const [open, close] = ['<m:mrow><m:msqrt>'.repeat(60), '</m:msqrt></m:mrow>'.repeat(60)]
    const inner = `${open}<m:mi>x</m:mi>${close}`
    const markdown = await fromText(`<text:p>${object}</text:p>`, { parts: [formula(inner)] })
    expect(markdown).toBe(`√x\n`.replace('√x', `${'√('.repeat(59)}√x${')'.repeat(59)}`))
  })

  it('keep a formula that stands in a text box by itself', async () => {
    const body = `<text:p>${frame(`<draw:text-box>${object}</draw:text-box>`)}</text:p>`
    expect(await fromText(body, { parts: [formula('<m:mi>x</m:mi>')] })).toBe('x\n')
  })

  it('keep the text of an object that is no chart and no formula, or is not in the file', async () => {
    const named = (address: string, text: string) =>
      `<text:p>${frame(`<draw:object xlink:href="${address}"/><draw:image xlink:href="x"/><svg:desc>${text}</svg:desc>`)}</text:p>`
    const sheet = `<office:document-content ${odfNames}><office:body><office:spreadsheet/></office:body></office:document-content>`
    const parts = [{ name: 'Object 1/content.xml', content: sheet }]
    expect(await fromText(named('./Object 1', 'A sheet') + named('./Object 9', 'A map'), { parts })).toBe(
      '![A sheet](image)\n\n![A map](image)\n',
    )
  })

  it('keep pictures and boxes beside an object without an address', async () => {
    const body = `<text:p>${frame('<draw:object/>')}</text:p><text:p>${frame('<draw:text-box><text:p>Boxed</text:p></draw:text-box>')}</text:p><text:p>${frame('<draw:image xlink:href="x"/><svg:desc>A cloud</svg:desc>')}</text:p>`
    expect(await fromText(body)).toBe('Boxed\n\n![A cloud](image)\n')
  })

  it('keep the text of shapes after their paragraph, and of fields and readings within it', async () => {
    const shape = '<draw:custom-shape draw:style-name="gr1"><text:p>In a shape</text:p></draw:custom-shape>'
    const ruby =
      '<text:ruby><text:ruby-base>雨</text:ruby-base><text:ruby-text>ame</text:ruby-text></text:ruby>'
    const body = `<text:p>Page<text:s/><text:page-number>3</text:page-number> ${ruby}${shape}</text:p>`
    expect(await fromText(body)).toBe('Page 3 雨\n\nIn a shape\n')
  })

  it('keep quotations apart from text', async () => {
    const body = '<text:p text:style-name="Quotations">Quoted.</text:p><text:p>Said.</text:p>'
    expect(await fromText(body)).toBe('> Quoted.\n\nSaid.\n')
  })

  it('take a heading without a level for one of the first', async () => {
    expect(await fromText('<text:h>Chapter</text:h>')).toBe('# Chapter\n')
  })

  it('begin at 1 where a list is to go on after none, and make nothing of empty items', async () => {
    const automatic =
      '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
    const item = (text: string) => `<text:list-item><text:p>${text}</text:p></text:list-item>`
    const body = `<text:list text:style-name="L1" text:continue-numbering="true">${item('')}${item('one')}${item('two')}</text:list>`
    expect(await fromText(body, { automatic })).toBe('1. one\n2. two\n')
  })

  it('are nothing without a text, and damage without content', async () => {
    const mimetype = { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' }
    const bare = { name: 'content.xml', content: `<office:document-content ${odfNames}/>` }
    expect(await markdownOf(await documentFile('bare.odt', zipFile([mimetype, bare])))).toBe('\n')
    for (const packed of [false, true]) {
      const content = { name: 'content.xml', content: '', packed }
      const empty = await documentFile('empty.odt', zipFile([mimetype, content]))
      await expect(markdownOf(empty)).rejects.toMatchObject({ code: 'FILE_CORRUPT' })
    }
  })

  it.each([
    ['little', 'utf16le', (text: Buffer) => text],
    ['big', 'utf16le', (text: Buffer) => text.swap16()],
  ] as const)('are read in UTF-16, the %s end first', async (_, encoding, order) => {
    const xml = `\ufeff<office:document-content ${odfNames}><office:body><office:text><text:p>Grüße, 雨</text:p></office:text></office:body></office:document-content>`
    const parts = [{ name: 'content.xml', content: order(Buffer.from(xml, encoding)) }]
    expect(await fromText('', { parts })).toBe('Grüße, 雨\n')
  })
})
