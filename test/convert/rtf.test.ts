import { describe, expect, it } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { documentFile, sample, tables, toMarkdown } from './documents.js'

const HEAD = String.raw`{\rtf1\ansi\ansicpg1252\uc1\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 MS Mincho;}{\f3\fcharset2 Symbol;}}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 Own;}{\s2 heading 2;}{\*\cs3 Emphasis;}}`

async function fromRtf(body: string): Promise<string> {
  return toMarkdown({ path: await documentFile('text.rtf', `${HEAD}${body}}`) })
}

describe('test.rtf', () => {
  it('has its title as a heading and its text, and nothing of its settings', async () => {
    expect(await toMarkdown({ path: sample('test.rtf') })).toBe(
      '# This is a Sample RTF File\n\nIt is included to test if the MarkItDown sample plugin can correctly convert RTF files.\n',
    )
  })

  it('tells its author', async () => {
    expect((await convert({ path: sample('test.rtf') })).metadata.author).toBe('Adam Fourney')
  })
})

describe('RTF', () => {
  it('has headings by outline level and by the name of the style', async () => {
    expect(
      await fromRtf(
        String.raw`\pard\s1 One\par\pard\s2\b Two\b0\par\pard\outlinelevel2 Three\par\pard Text\par`,
      ),
    ).toBe('# One\n\n## Two\n\n### Three\n\nText\n')
  })

  it('has headings by size where it has no levels', async () => {
    const body = String.raw`\pard\fs48 Largest\par\fs32 Large\par\fs24 The text, which is longer.\par`
    expect(await fromRtf(body)).toBe('# Largest\n\n## Large\n\nThe text, which is longer.\n')
  })

  it('keeps emphasis within its group', async () => {
    expect(await fromRtf(String.raw`a {\b bold {\i both}} \i it\i0  {\strike gone} end\par`)).toBe(
      'a **bold** ***both*** *it* ~~gone~~ end\n',
    )
  })

  it('writes raised and lowered numbers with the letters of Unicode', async () => {
    expect(await fromRtf(String.raw`m{\super 3} H\sub 2\nosupersub O 1{\super st}\par`)).toBe('m³ H₂O 1st\n')
  })

  it('leaves hidden and deleted text out', async () => {
    expect(await fromRtf(String.raw`seen{\v hidden}{\deleted deleted}\par`)).toBe('seen\n')
  })

  it('reads characters by code page, by the font’s charset and by \\u', async () => {
    const body = String.raw`caf\'e9 {\f1\'cf\'f0\'e8\'e2\'e5\'f2} {\f2\'83e\'83X\'83g} \u8364?5 \u-10179?\u-8704? \uc2\u945\'61\'62\uc1 {\uc0\u946}x\par`
    expect(await fromRtf(body)).toBe('café Привет テスト €5 😀 αβx\n')
  })

  it('reads the signs that have names', async () => {
    expect(await fromRtf(String.raw`\ldblquote q\rdblquote \emdash  a\~b c\_d e\-f \{g\}\\\par`)).toBe(
      '“q”— a b c-d ef {g}\\\n',
    )
  })

  it('nests lists and numbers them as written', async () => {
    const item = (level: number, marker: string, text: string) =>
      String.raw`{\listtext${marker}\tab}\pard\ls1\ilvl${level} ${text}\par`
    const body = [
      item(0, String.raw`\f3\'b7`, 'one'),
      item(1, ' 3.', 'inner'),
      item(1, ' 4.', 'inner too'),
      item(0, String.raw`\f3\'b7`, 'two'),
    ]
    expect(await fromRtf(`${body.join('')}\\pard after\\par`)).toBe(
      '- one\n    3. inner\n    4. inner too\n- two\n\nafter\n',
    )
  })

  it('knows lists whose bullets are typed', async () => {
    const body = String.raw`\pard\li360\fi-360 \bullet\tab one\par\pard\li720\fi-360 \bullet\tab inner\par`
    expect(await fromRtf(body)).toBe('- one\n    - inner\n')
  })

  it('keeps tables, several paragraphs in a cell and pipes included', async () => {
    const row = (...cells: string[]) =>
      String.raw`\trowd\cellx1000\cellx2000\pard\intbl ${cells.join(String.raw`\cell `)}\cell\row`
    const markdown = await fromRtf(`${row('A', 'B|b')}${row(String.raw`1\par more`, '2')}\\pard after\\par`)
    expect(tables(markdown)).toEqual([
      [
        ['A', 'B\\|b'],
        ['1 more', '2'],
      ],
    ])
    expect(markdown).toMatch(/\n\nafter\n$/)
  })

  it('keeps links to the web', async () => {
    const body = String.raw`{\field{\*\fldinst{HYPERLINK "https://example.org/a_b"}}{\fldrslt{\ul here}}} and {\field{\*\fldinst PAGE}{\fldrslt 7}}\par`
    expect(await fromRtf(body)).toBe('[here](https://example.org/a_b) and 7\n')
  })

  it('keeps footnotes', async () => {
    const body = String.raw`Text{\super\chftn}{\footnote\pard {\super\chftn} The {\b note}.\par} goes on.\par`
    expect(await fromRtf(body)).toBe('Text[^1] goes on.\n\n[^1]: The **note**.\n')
  })

  it('keeps the alternative text of a picture and none of its bytes', async () => {
    const body = String.raw`{\pict{\*\picprop{\sp{\sn wzDescription}{\sv A rain gauge}}}\pngblip 89504e47}\par`
    expect(await fromRtf(`${body}{\\pict\\bin4 {}}}}next\\par`)).toBe('![A rain gauge](image)\n\nnext\n')
  })

  it('leaves headers, footers and unknown destinations out', async () => {
    expect(await fromRtf(String.raw`{\header head\par}{\*\unknown secret}text\par{\footer foot\par}`)).toBe(
      'text\n',
    )
  })

  it('takes no text for a tag', async () => {
    expect(await fromRtf(String.raw`a <script>x</script>\par`)).toBe('a \\<script>x\\</script>\n')
  })

  it('tells its title', async () => {
    const path = await documentFile(
      'text.rtf',
      `${HEAD}{\\info{\\title On rain}{\\doccomm a\\par b}}text\\par}`,
    )
    expect(await convert({ path })).toMatchObject({ markdown: 'text\n', metadata: { title: 'On rain' } })
  })

  it.each([
    ['no code page of its own', String.raw`\ansi\ansicpg0 caf\'e9 \'93rain\'94`, 'café “rain”'],
    ['the default code page', String.raw`\ansi\ansicpg caf\'e9 \'93rain\'94`, 'café “rain”'],
    ['the letters of a Macintosh', String.raw`\mac caf\'8e \'d2rain\'d3`, 'café “rain”'],
  ])('is read in %s', async (_, body, text) => {
    expect(await toMarkdown({ path: await documentFile('text.rtf', `{\\rtf1${body}\\par}`) })).toBe(
      `${text}\n`,
    )
  })

  it('takes a line break behind a backslash for the end of a paragraph', async () => {
    expect(await fromRtf('one\\\ntwo\\\r\nthree')).toBe('one\n\ntwo\n\nthree\n')
  })

  it('takes words without a number for their default', async () => {
    const title = String.raw`\pard\s1\s Plain\par`
    expect(await fromRtf(title)).toBe('Plain\n')
    const sizes = String.raw`\fs48 Title\par\fs Text, which is longer.\par`
    expect(await fromRtf(sizes)).toBe('# Title\n\nText, which is longer.\n')
    const lists = String.raw`\pard\ls1\ls\li360\li \bullet\tab none\par\pard\itap none\par`
    expect(await fromRtf(lists)).toBe('• none\n\nnone\n')
    expect(
      await fromRtf(String.raw`\uc0\uc\u8364?{\f1\f caf\'e9}{\fonttbl{\f5\fcharset T;}}{\f5\'e9}\par`),
    ).toBe('€caféé\n')
    expect(await fromRtf(String.raw`{\pict\bin 00}{\listtext -\tab}\pard\ls1\ilvl one\par`)).toBe('- one\n')
  })

  it('keeps what stands behind a \\u that names no character', async () => {
    const path = await documentFile('text.rtf', `${HEAD}a\\u b\\par}`)
    expect((await convert({ path, sanitize: false })).markdown).toBe('ab\n')
  })

  it('reads one sign where a word stands in for a character, and none in what is left out', async () => {
    expect(await fromRtf(String.raw`a\u8212\emdash b{\header\u8364?}{\*\unknown\u8364?}\par`)).toBe('a—b\n')
  })

  it('knows the bullets of the symbol fonts, which are characters of their own area', async () => {
    const body = String.raw`{\listtext\f3\u-3913?\tab}\pard\ls1\li360 one\par{\listtext\f3\u-3929?\tab}\pard\ls1\li720 inner\par`
    expect(await fromRtf(body)).toBe('- one\n    - inner\n')
    expect(await fromRtf(String.raw`{\f3\u-3913?} and\par`)).toBe('• and\n')
  })

  it('parts lists of one depth that are marked in other ways', async () => {
    const item = (marker: string, text: string) =>
      String.raw`{\listtext ${marker}\tab}\pard\ls1\ilvl0 ${text}\par`
    const body = [
      item('1.', 'one'),
      item(String.raw`\bullet`, 'two'),
      item('a)', 'three'),
      item('b)', 'four'),
    ]
    expect(await fromRtf(body.join(''))).toBe('1. one\n\n- two\n\n1. three\n2. four\n')
  })

  it('finds headings by size among lists and lines of several sizes, which are none', async () => {
    const body = String.raw`\fs48 Title\par\fs24 The text, which is longer.\par{\listtext -\tab}\pard\ls1\fs48 item\par\pard\fs24 A \fs40 large\fs24  word\par`
    expect(await fromRtf(body)).toBe('# Title\n\nThe text, which is longer.\n\n- item\n\nA large word\n')
  })

  it('has the text of a box before the paragraph that it hangs on, once', async () => {
    const properties = String.raw`{\sp{\sn fFlipH}{\sv 1}}`
    const shape = String.raw`{\shp{\*\shpinst${properties}{\shptxt\pard In the box\par}}{\shprslt\par In the box\par}}`
    expect(await fromRtf(`Around ${shape}it\\par`)).toBe('In the box\n\nAround it\n')
  })

  it('keeps a picture’s description, where it has one, and none of its other properties', async () => {
    const property = (name: string, value: string) => String.raw`{\sp{\sn ${name}}{\sv ${value}}}`
    const picture = (description: string) =>
      String.raw`{\pict{\*\picprop${property('wzName', 'Picture 1')}${property('wzDescription', description)}}00}`
    expect(await fromRtf(`a${picture(' ')}b ${picture('gauge')}\\par`)).toBe('ab ![gauge](image)\n')
  })

  it('keeps rows that are told by their nesting, and one that has no end', async () => {
    const row = String.raw`\pard\itap1 a\cell b\cell\row`
    const markdown = await fromRtf(String.raw`${row}\pard\intbl c\cell d\par\pard\itap0 after\par`)
    expect(tables(markdown)).toEqual([
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ])
    expect(markdown).toMatch(/\n\nafter\n$/)
  })

  it('makes a table in a cell the text of that cell', async () => {
    const inner = String.raw`\pard\intbl\itap2 1\nestcell 2\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}`
    const markdown = await fromRtf(String.raw`${inner}\pard\intbl\itap1 out\cell x\cell\row\pard after\par`)
    expect(tables(markdown)).toEqual([[['1 2 out', 'x']]])
  })

  it('is nothing where it holds nothing', async () => {
    expect(await fromRtf('')).toBe('\n')
  })

  it('is refused when it is cut off, nested without end or not closed', async () => {
    const bodies = [`${HEAD}text`, `${HEAD}${'{'.repeat(100_000)}`]
    for (const body of bodies) {
      const path = await documentFile('cut.rtf', body)
      await expect(convert({ path })).rejects.toMatchObject({ code: 'FILE_CORRUPT' })
    }
  })
})
