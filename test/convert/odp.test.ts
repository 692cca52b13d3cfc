import { describe, expect, it } from 'vitest'
import { documentFile, markdownOf } from './documents.js'
import { chartPart, type OdfParts, odfFile } from './odf-file.js'

async function fromSlides(body: string, parts: OdfParts = {}): Promise<string> {
  return markdownOf(await documentFile('show.odp', odfFile('presentation', body, parts)))
}

const box = (kind: string, text: string) =>
  `<draw:frame presentation:class="${kind}"><draw:text-box>${text}</draw:text-box></draw:frame>`

describe('ODP', () => {
  it('has slides as headings, with their lists, shapes and notes', async () => {
    const item = (text: string, nested = '') =>
      `<text:list-item><text:p>${text}</text:p>${nested}</text:list-item>`
    const list = `<text:list>${item('one', `<text:list>${item('inner')}</text:list>`)}${item('two')}</text:list>`
    const notes = `<presentation:notes>${box('notes', '<text:p>Breathe.</text:p>')}</presentation:notes>`
    const shape =
      '<draw:g><draw:custom-shape draw:style-name="gr1"><text:p>In a shape</text:p></draw:custom-shape></draw:g>'
    const body = `<draw:page>${box('outline', list)}${box('title', '<text:p>First <text:line-break/>slide</text:p>')}${shape}${notes}</draw:page><draw:page/>`
    expect(await fromSlides(body)).toBe(
      '## First slide\n\n- one\n    - inner\n- two\n\nIn a shape\n\n### Notes\n\nBreathe.\n\n## Slide 2\n',
    )
  })

  it('leaves out footers and empty places, and marks hidden slides', async () => {
    const automatic =
      '<style:style style:name="dp1" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    const place =
      '<draw:frame presentation:class="outline" presentation:placeholder="true"><draw:text-box><text:p>Click</text:p></draw:text-box></draw:frame>'
    const body = `<draw:page draw:style-name="dp1">${box('footer', '<text:p>noise</text:p>')}${place}${box('title', '<text:p>Kept back</text:p>')}</draw:page>`
    expect(await fromSlides(body, { automatic })).toBe('## Kept back (hidden)\n')
  })

  it('keeps tables, charts and pictures of a slide', async () => {
    const cell = (text: string) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`
    const table = `<draw:frame><table:table><table:table-row>${cell('A')}${cell('B')}</table:table-row><table:table-row>${cell('1')}${cell('2')}</table:table-row></table:table><draw:image xlink:href="x"/></draw:frame>`
    const chart = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    const picture = '<draw:frame><draw:image xlink:href="x"/><svg:title>A cloud</svg:title></draw:frame>'
    const parts = [
      chartPart('Object 1', 'Rain', [
        ['', 'mm'],
        ['May', '40'],
      ]),
    ]
    expect(await fromSlides(`<draw:page>${table}${chart}${picture}</draw:page>`, { parts })).toBe(
      '## Slide 1\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n### Rain\n\n| | mm |\n| --- | --- |\n| May | 40 |\n\n![A cloud](image)\n',
    )
  })
})
