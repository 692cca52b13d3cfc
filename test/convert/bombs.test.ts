import { describe, expect, it } from 'vitest'
import { convert, withFrontMatter } from '../../src/convert/index.js'
import { documentFile, tables, toMarkdown } from './documents.js'
import { outlookFile } from './message-file.js'
import { odfFile } from './odf-file.js'
import { workbookFile } from './office-file.js'
import { wordFile, zipFile } from './zip-file.js'

async function refusal(name: string, content: string | Uint8Array): Promise<unknown> {
  const path = await documentFile(name, content)
  return convert({ path }).catch((error: unknown) => error)
}

describe('a document made to take all memory', () => {
  it.each([
    ['deep nesting', '<text:section>'.repeat(50_000)],
    ['a list in a list without end', '<text:list><text:list-item>'.repeat(50_000)],
    ['entities that expand', '<text:p>&a;&a;</text:p>'],
  ])('is refused for %s', async (_, body) => {
    expect(await refusal('bomb.odt', odfFile('text', body))).toMatchObject({ name: 'ConvertError' })
  })

  const cell = (count: number, text: string) =>
    `<table:table><table:table-row><table:table-cell table:number-columns-repeated="${count}"><text:p>${text}</text:p></table:table-cell></table:table-row></table:table>`
  const merged = '<w:tc><w:tcPr><w:gridSpan w:val="63"/></w:tcPr></w:tc>'

  it.each([
    ['repeated', 'bomb.odt', odfFile('text', cell(1_000_000, 'x'))],
    ['repeated with a long text', 'bomb.odt', odfFile('text', cell(10_000, 'x'.repeat(10_000)))],
    ['merged', 'bomb.docx', wordFile(`<w:tbl><w:tr>${merged.repeat(4000)}</w:tr></w:tbl>`)],
  ])('is refused for cells that are %s without end', async (_, name, content) => {
    const message = expect.stringMatching(/too many cells/)
    expect(await refusal(name, content)).toMatchObject({ code: 'FILE_TOO_LARGE', message })
  })

  it.each([
    ['shared.xlsx', sharedTexts()],
    ['repeated.ods', odfFile('spreadsheet', cell(16_000, 'x'.repeat(10_000)))],
  ])('is refused for one text in cells without end: %s', async (name, content) => {
    const message = expect.stringMatching(/its sheets have too much text/)
    expect(await refusal(name, content)).toMatchObject({ code: 'FILE_TOO_LARGE', message })
  })

  it('is refused for more parts than memory holds', async () => {
    const content = odfFile('text', '<text:p/>'.repeat(800_000))
    expect(await refusal('long.odt', content)).toMatchObject({ code: 'FILE_TOO_LARGE' })
  })

  it('is refused for fields in fields', async () => {
    const field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    const message = expect.stringMatching(/fields are nested too deeply/)
    const content = wordFile(`<w:p>${field.repeat(300)}</w:p>`)
    expect(await refusal('fields.docx', content)).toMatchObject({ code: 'FILE_TOO_LARGE', message })
  })
})

describe('an archive that says less than it has', () => {
  it('is refused for a directory larger than that of 100,000 files', async () => {
    const listing = Buffer.alloc(17 * 1024 * 1024)
    const end = zipFile([])
    end.writeUInt32LE(listing.length, end.length - 10)
    end.writeUInt32LE(end.length, end.length - 6)
    const message = expect.stringMatching(/the central directory is too large/)
    expect(await refusal('listing.zip', Buffer.concat([end, listing, end]))).toMatchObject({
      code: 'FILE_CORRUPT',
      message,
    })
  })

  it('is refused for an entry that begins where the file ends', async () => {
    const file = zipFile([
      { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' },
      { name: 'content.xml', content: '' },
    ])
    const entry = file.lastIndexOf('content.xml') - 46
    file.writeUInt32LE(file.length - 10, entry + 42)
    expect(await refusal('cut.odt', file)).toMatchObject({
      code: 'FILE_CORRUPT',
      cause: { message: 'content.xml is cut short' },
    })
  })

  it('is read by its directory, not by the number in it', async () => {
    const content = zipFile([
      { name: 'a.txt', content: 'a' },
      { name: 'b.txt', content: 'b' },
    ])
    content.writeUInt16LE(1, content.length - 12)
    const path = await documentFile('files.zip', content)
    expect(await toMarkdown({ path })).toBe('# a.txt\n\na\n\n# b.txt\n\nb\n')
  })
})

describe('an Outlook message that leads back to itself', () => {
  const text = 'rain '.repeat(2_000)
  const message = () =>
    Buffer.from(
      outlookFile({
        properties: [
          ['0037001F', 'S'],
          ['1000001F', text],
        ],
      }),
    )
  const sectorAt = (file: Buffer, offset: number) => (file.readInt32LE(offset) + 1) * 512

  it('is read when it does not', async () => {
    expect(await toMarkdown({ path: await documentFile('a.msg', message()) })).toContain(text.trim())
  })

  it.each([
    ['by its chain of sectors', (file: Buffer) => file.writeInt32LE(directorySector(file), tableEntry(file))],
    ['by its directory', (file: Buffer) => file.writeInt32LE(1, sectorAt(file, 48) + 128 + 72)],
    ['by the number of its tables', (file: Buffer) => file.writeInt32LE(2 ** 31 - 1, 72)],
    [
      'by the size of a stream',
      (file: Buffer) => file.writeInt32LE(2 ** 31 - 1, sectorAt(file, 48) + 2 * 128 + 120),
    ],
  ])('is refused: %s', async (_, change) => {
    const file = message()
    change(file)
    const refused = await refusal('a.msg', file)
    expect(refused).toMatchObject({ code: 'FILE_CORRUPT', cause: { name: 'CompoundFileDamaged' } })
  })

  const directorySector = (file: Buffer) => file.readInt32LE(48)
  const tableEntry = (file: Buffer) => sectorAt(file, 76) + 4 * directorySector(file)
})

describe('a web page', () => {
  it('keeps its text where elements are nested deeper than anybody nests them', async () => {
    for (const tag of ['div', 'ul><li', 'span', 'blockquote', 'table><tr><td']) {
      const path = await documentFile(
        'deep.html',
        `<html><body>${`<${tag}>a `.repeat(6_000)}the end</body></html>`,
      )
      const markdown = await toMarkdown({ path })
      expect(markdown.match(/\ba\b/g)).toHaveLength(6_000)
      expect(markdown).toContain('the end')
    }
  })

  it('has all cells, items and paragraphs where their ends are left out', async () => {
    const table = '<table><tr><th>a<th>b<tr><td>c<td><b>d</b><tr><td>e<td>f</table>'
    const list = '<ul><li>g<ul><li>h<li>i</ul><li><p>j<p>k</ul>'
    const path = await documentFile('old.html', `<html><body>${table}<p>l<p>m${list}`)
    const markdown = await toMarkdown({ path })
    expect(tables(markdown)).toEqual([
      [
        ['a', 'b'],
        ['c', '**d**'],
        ['e', 'f'],
      ],
    ])
    expect(markdown).toMatch(/\nl\n\nm\n/)
    const lines = markdown.split('\n').filter(Boolean)
    expect(lines.slice(-5)).toEqual(['- g', '    - h', '    - i', '- j', '    k'])
  })
})

describe('front matter', () => {
  const nested = '['.repeat(5_000) + ']'.repeat(5_000)

  it.each([
    ['longer', `title: ${'x'.repeat(100_000)}`],
    ['nested deeper', `title: ${nested}`],
    ['nested deeper in one line', '- '.repeat(5_000)],
  ])('that is %s than anybody writes it is text', async (_, yaml) => {
    const own = { format: 'markdown', source: 'a.md', converted_at: new Date(0) }
    const written = await withFrontMatter(`---\n${yaml}\n---\n\ntext\n`, own)
    expect(written.startsWith('---\nformat: markdown\n')).toBe(true)
    expect(written).toContain(`---\n\n---\n${yaml}\n---\n\ntext\n`)
  })
})

function sharedTexts(): Buffer {
  const rows = Array.from(
    { length: 15_000 },
    (_, n) => `<row r="${n + 1}"><c r="A${n + 1}" t="s"><v>0</v></c></row>`,
  )
  return workbookFile([{ name: 'S', rows: rows.join('') }], {
    texts: `<si><t>${'x'.repeat(10_000)}</t></si>`,
  })
}
