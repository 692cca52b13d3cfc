import { describe, expect, it } from 'vitest'
import { documentFile, toMarkdown } from './documents.js'
import { type PdfPage, pdfFile } from './pdf-file.js'

const ADDRESS = 'https://example.org/a'

/** Lines from the top left, in letters that are 6 wide, with links over the letters from one up to another. */
async function fromLines(
  texts: string[],
  links: { line: number; lines?: number; from: number; to: number; url?: string }[],
): Promise<string> {
  const page: PdfPage = {
    texts: texts.map((text, index) => ({ at: [50, 700 - index * 12], text })),
    links: links.map(({ line, lines = 1, from, to, url = ADDRESS }) => ({
      rect: [50 + from * 6, 697 - (line + lines - 1) * 12, 50 + to * 6, 709 - line * 12],
      url,
    })),
  }
  return toMarkdown({ path: await documentFile('made.pdf', pdfFile([page])) })
}

describe('links in a PDF', () => {
  it('writes links to the web in their place', async () => {
    const markdown = await fromLines(['See the project page for more.'], [{ line: 0, from: 8, to: 20 }])
    expect(markdown).toBe(`See the [project page](${ADDRESS}) for more.\n`)
  })

  it('are written around the whole of a line, and as they are where that is the address itself', async () => {
    expect(await fromLines(['the project'], [{ line: 0, from: 0, to: 11 }])).toBe(
      `[the project](${ADDRESS})\n`,
    )
    expect(await fromLines([ADDRESS], [{ line: 0, from: 0, to: ADDRESS.length }])).toBe(`<${ADDRESS}>\n`)
    const phone = 'tel:+49123456'
    expect(await fromLines([phone], [{ line: 0, from: 0, to: phone.length, url: phone }])).toBe(
      `<${phone}>\n`,
    )
  })

  it('are written around the word that they lie on, where it stands in its line twice', async () => {
    expect(await fromLines(['here or here or there'], [{ line: 0, from: 8, to: 12 }])).toBe(
      `here or [here](${ADDRESS}) or there\n`,
    )
    expect(await fromLines(['here or here or there'], [{ line: 0, from: 0, to: 4 }])).toBe(
      `[here](${ADDRESS}) or here or there\n`,
    )
  })

  it('may be several in a line', async () => {
    const links = [
      { line: 0, from: 0, to: 3 },
      { line: 0, from: 8, to: 11, url: 'https://example.org/b' },
    ]
    expect(await fromLines(['one and two'], links)).toBe(
      `[one](${ADDRESS}) and [two](https://example.org/b)\n`,
    )
  })

  it('are written around whole words in each of the lines that they lie on', async () => {
    const texts = ['Please read the very long', 'guide to all rain and snow it']
    expect(await fromLines(texts, [{ line: 0, lines: 2, from: 20, to: 26 }])).toBe(
      `Please read the very [long](${ADDRESS}) guide to all rain [and snow](${ADDRESS}) it\n`,
    )
  })

  it('are left out where there is no text, and where they lead nowhere in the web', async () => {
    expect(await fromLines(['one and two'], [{ line: 3, from: 0, to: 3 }])).toBe('one and two\n')
    expect(await fromLines(['one and two'], [{ line: 0, from: 20, to: 30 }])).toBe('one and two\n')
    const script = { line: 0, from: 0, to: 3, url: 'javascript:alert\\(1\\)' }
    expect(await fromLines(['one and two'], [script])).toBe('one and two\n')
  })
})
