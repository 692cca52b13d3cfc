import { describe, expect, it } from 'vitest'
import { documentFile, metadataOf, tables, toMarkdown } from './documents.js'

async function fromHtml(html: string | Uint8Array): Promise<string> {
  return toMarkdown({ path: await documentFile('page.html', html) })
}

describe('HTML', () => {
  it('is decoded by the charset it declares', async () => {
    const shiftJis = Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67])
    const page = Buffer.concat([Buffer.from('<meta charset="Shift_JIS"><p>'), shiftJis, Buffer.from('</p>')])
    expect(await fromHtml(page)).toBe('テスト\n')
  })

  it('is decoded by its byte order mark', async () => {
    const page = Buffer.from('\ufeff<!doctype html><p>naïve 雨</p>', 'utf16le')
    expect(await fromHtml(page)).toBe('naïve 雨\n')
  })

  it('is read as UTF-8 where nothing is declared, and as windows-1252 where that fails', async () => {
    expect(await fromHtml('<p>déjà “vu”</p>')).toBe('déjà “vu”\n')
    const windows = Buffer.from([0x3c, 0x70, 0x3e, 0x93, 0xe9, 0x94])
    expect(await fromHtml(windows)).toBe('“é”\n')
  })

  it('is read as what it is where it declares a charset that it cannot be in, or that nobody knows', async () => {
    expect(await fromHtml('<meta charset="utf-16"><p>déjà “vu”</p>')).toBe('déjà “vu”\n')
    const latin = Buffer.from('<meta charset="x-own"><p>d\xe9j\xe0 \x93vu\x94</p>', 'latin1')
    expect(await fromHtml(latin)).toBe('déjà “vu”\n')
  })

  it('tells its title with the characters that are written as numbers, and leaves numbers that are none', async () => {
    const title = 'caf&#xE9; &#8364; &#x1F327; &#0; &#x110000;'
    const path = await documentFile('page.html', `<html><title>${title}</title><p>x</p>`)
    expect(await metadataOf(path)).toEqual({ title: 'café € 🌧 &#0; &#x110000;' })
  })

  it('keeps nested lists nested, whatever white space parts them', async () => {
    const list = '<ol><li>one\n   <ul> <li>inner</li> </ul></li>\n<li>two <ol><li>deep</li></ol></li></ol>'
    expect(await fromHtml(list)).toBe('1. one\n    - inner\n2. two\n    1. deep\n')
  })

  it('runs the lines of a paragraph together', async () => {
    expect(await fromHtml('<p>one\n  two\n<b>three</b></p>')).toBe('one two **three**\n')
  })

  it('gives a table without head cells its first row as head', async () => {
    const markdown = await fromHtml(
      '<table><tr><td>a</td><td>b</td></tr><tr><td>1<br>2</td><td>x|y</td></tr></table>',
    )
    expect(markdown).toBe('| a | b |\n| --- | --- |\n| 1 2 | x\\|y |\n')
    expect(tables(markdown)).toHaveLength(1)
  })

  it('escapes text that spells a tag, except in code', async () => {
    const markdown = await fromHtml(
      '<p>The &lt;b&gt; tag, <code>&lt;i&gt;</code></p><pre><code>a\n  &lt;p&gt;</code></pre>',
    )
    expect(markdown).toBe('The \\<b> tag, `<i>`\n\n```\na\n  <p>\n```\n')
  })

  it('keeps the alternative text of an embedded image and drops one without', async () => {
    const data = 'data:image/png;base64,iVBORw0KGgo='
    const markdown = await fromHtml(`<p>A <img src="${data}" alt="rain\ngauge"> B <img src='${data}'> C</p>`)
    expect(markdown).toMatch(/^A !\[rain gauge\]\(image\) B +C\n$/)
  })

  it('keeps the text of a link to data, and of the pictures that came with a mail', async () => {
    const page =
      '<p>See <a href="data:text/plain,rain">this</a> <img src="cid:1"> <img src="cid:2" alt="gauge"></p>'
    expect(await fromHtml(page)).toBe('See this ![gauge](image)\n')
  })

  it('keeps code blocks with their language', async () => {
    const markdown = await fromHtml('<pre><code class="language-js">let a = 1\n\n\n\nlet b</code></pre>')
    expect(markdown).toContain('```js\nlet a = 1\n')
  })

  it('leaves out scripts, styles and navigation', async () => {
    const page =
      '<nav>menu</nav><script>run()</script><style>p{}</style><p>text</p><noscript>no script</noscript>'
    expect(await fromHtml(page)).toBe('text\n')
  })

  it('makes footnotes of notes that stand in a list, and leaves other raised links alone', async () => {
    const page =
      '<p>One<sup id="r1"><a href="#n1">[1]</a></sup> two<a href="#n2" id="r2"><sup>2</sup></a> three<sup><a href="https://example.org/">3</a></sup></p><ol><li id="n1"><p>First <a href="#r1">↩</a></p><p>More.</p></li><li id="n2">Second <a href="#r2">^</a></li></ol>'
    expect(await fromHtml(page)).toBe(
      'One[^1] two[^2] three[3](https://example.org/)\n\n[^1]: First\n\n    More.\n\n[^2]: Second\n',
    )
  })

  it('gives a note that is pointed to twice one number, and leaves links to other places of the page', async () => {
    const mark = (id: string) => `<sup><a href="#${id}">1</a></sup>`
    const page = `<p>One${mark('n')} two${mark('n')} three${mark('top')}</p><ol><li id="n">Note</li></ol><p id="top">Top</p>`
    expect(await fromHtml(page)).toBe('One[^1] two[^1] three[1](#top)\n\n[^1]: Note\n\nTop\n')
  })

  it('takes tables for the layout apart, and keeps the table in them', async () => {
    const inner = '<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>'
    const page = `<table><tr><td>before</td><td>${inner}</td></tr><tr><td># after</td></tr></table>`
    expect(await fromHtml(page)).toBe('before\n\n| 1 | 2 |\n| --- | --- |\n| 3 | 4 |\n\n\\# after\n')
  })

  it('keeps a cell in one line, whatever stands in it', async () => {
    const cells = ['a<hr>b', '<p># no heading</p>', '<div>1. no list</div>', '<pre>x\n\n\ny</pre>']
    const page = `<table><tr><th>A</th><th>B</th><th>C</th><th>D</th></tr><tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr></table>`
    expect(tables(await fromHtml(page))).toEqual([
      [
        ['A', 'B', 'C', 'D'],
        ['a b', '# no heading', '1. no list', '``` x   y ```'],
      ],
    ])
  })

  it('keeps a table without head cells a table when cells span rows', async () => {
    const page =
      '<table><tr><td>a</td><td>b</td></tr><tr><td rowspan="2">tall</td><td>1</td></tr><tr><td>2</td></tr></table>'
    expect(tables(await fromHtml(page))).toEqual([
      [
        ['a', 'b'],
        ['tall', '1'],
        ['', '2'],
      ],
    ])
  })

  it('keeps code in the item of a list, with its empty lines', async () => {
    const page =
      '<ol><li>Run<pre><code class="language-sh">npm i\n\n\n  x</code></pre></li><li>Look</li></ol><pre>a\n\n\nb</pre>'
    expect(await fromHtml(page)).toBe(
      '1. Run\n\n    ```sh\n    npm i\n\n\n      x\n    ```\n\n2. Look\n\n```\na\n\n\nb\n```\n',
    )
  })

  it('keeps code without the links and spans that number and colour its lines', async () => {
    const line = (number: number, text: string) =>
      `<span id="l${number}"><a href="#l${number}"></a>${text}</span>`
    const page = `<pre><code>${[line(1, 'f:'), line(2, ''), line(3, '  g')].join('\n')}</code></pre>`
    expect(await fromHtml(page)).toBe('```\nf:\n\n  g\n```\n')
  })

  it('writes formulas as their TeX, where the page has it', async () => {
    const formula =
      '<math><semantics><mfrac><mi>a</mi><mi>b</mi></mfrac><annotation encoding="application/x-tex">\\frac{a}{b}</annotation></semantics></math>'
    expect(await fromHtml(`<p>Half of ${formula}.</p>`)).toBe('Half of $\\frac{a}{b}$.\n')
  })

  it('parts a term from what it means', async () => {
    expect(await fromHtml('<p>Words</p><dl><dt>Term</dt><dd>Meaning</dd><dd>Other</dd></dl>')).toBe(
      'Words\n\nTerm\n\nMeaning\n\nOther\n',
    )
  })

  it('keeps the page that stands in a form, without its buttons', async () => {
    const page =
      '<form><h1>Title</h1><p>Text</p><button>Go</button><select><option>Choice</option></select></form>'
    expect(await fromHtml(page)).toBe('# Title\n\nText\n')
  })

  it('takes no text for a heading, a list or emphasis', async () => {
    const page = '<p># one</p><p>2. two</p><div>- three</div><p>a * b, *c*</p><p>1<br>+ 2</p>'
    expect(await fromHtml(page)).toBe('\\# one\n\n2\\. two\n\n\\- three\n\na * b, \\*c\\*\n\n1  \n\\+ 2\n')
  })

  it('writes raised and lowered numbers with the letters of Unicode', async () => {
    expect(await fromHtml('<p>10<sup>-6</sup> m<sup>2</sup> of H<sub>2</sub>O, 1<sup>st</sup></p>')).toBe(
      '10⁻⁶ m² of H₂O, 1st\n',
    )
  })

  it('parts a quotation from the text before it', async () => {
    expect(await fromHtml('<p>He said</p><blockquote><p>rain</p></blockquote><p>and went.</p>')).toBe(
      'He said\n\n> rain\n\nand went.\n',
    )
  })

  it('drops links without text, and titles that say the text again', async () => {
    const page =
      '<p><a href="/a"></a><a href="/r(1)" title="Rain &amp; snow">Rain &amp; snow</a> <a href="/b" title="Other">b</a></p>'
    expect(await fromHtml(page)).toBe('[Rain & snow](/r(1)) [b](/b "Other")\n')
  })

  it('finds the end of a script or a style sheet in whatever letters it is written', async () => {
    const inner = '<table><tr><td>1</td><td>2</td></tr></table>'
    const page = `<SCRIPT>"<table>"</script><STYLE>td {}</style><p>10<sup>2</sup></p><table><tr><td>${inner}</td></tr></table>`
    expect(await fromHtml(page)).toBe('10²\n\n| 1 | 2 |\n| --- | --- |\n')
  })

  it('looks at no tags in comments and scripts', async () => {
    const page = '<p>a</p><!-- <table><pre> --><script>"<table>"</script><ul><li>b</li><li>c</li></ul>'
    expect(await fromHtml(page)).toBe('a\n\n- b\n- c\n')
  })

  it.each(['<!-->', '<!--->', '<!-- x --!>', '<!-- > -->'])(
    'goes on after %s, which is a comment',
    async (comment) => {
      const page = `<p>a</p>${comment}<p>&lt;script&gt;</p><p>1. b</p>`
      expect(await fromHtml(page)).toBe('a\n\n\\<script>\n\n1\\. b\n')
    },
  )
})
