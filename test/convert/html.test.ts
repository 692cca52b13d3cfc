import { describe, expect, it } from 'vitest'
import { documentFile, headings, outOfOrder, sample, tables, toMarkdown } from './documents.js'

async function fromHtml(html: string | Uint8Array): Promise<string> {
  return toMarkdown({ path: await documentFile('page.html', html) })
}

describe('test_blog.html', () => {
  it('keeps the article in order', async () => {
    const markdown = await toMarkdown({ path: sample('test_blog.html') })
    const wanted = [
      '# Does Model and Inference Parameter Matter in LLM Applications? - A Case Study for MATH',
      'April 21, 2023',
      'Chi Wang',
      'Large language models (LLMs) are powerful tools',
      '- gpt-3.5-turbo, a relatively cheap model',
      '- temperature: The parameter that controls the randomness',
      '![level 3 algebra](/autogen/assets/images/',
      '[Auto-GPT](https://github.com/Significant-Gravitas/Auto-GPT)',
      '[Research paper about the tuning technique](https://arxiv.org/abs/2303.04673)',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
  })

  it('has the headings of the source, without their permalinks', async () => {
    const markdown = await toMarkdown({ path: sample('test_blog.html') })
    expect(headings(markdown, 1)).toHaveLength(1)
    expect(headings(markdown, 2)).toEqual([
      'Experiment Setup',
      'Experiment Results',
      'Analysis and Discussion',
      'For Further Reading',
    ])
  })

  it('has no scripts, pictures in the text or raw HTML', async () => {
    const markdown = await toMarkdown({ path: sample('test_blog.html') })
    expect(markdown).not.toMatch(/data:image|base64|URLSearchParams|<(?!https?:)[a-z/]/i)
  })
})

describe('test_wikipedia.html', () => {
  it('keeps the article in order', async () => {
    const markdown = await toMarkdown({ path: sample('test_wikipedia.html') })
    const wanted = [
      '# Microsoft',
      '| Industry | [Information technology]',
      'is an American [multinational corporation]',
      '### 1972–1985: Founding',
      'Childhood friends [Bill Gates]',
      '### Controversies',
      '## External links',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
  })

  it('has the headings of the article', async () => {
    const markdown = await toMarkdown({ path: sample('test_wikipedia.html') })
    expect([1, 2, 3].map((level) => headings(markdown, level).length)).toEqual([1, 6, 24])
  })

  it('keeps the rows of its tables', async () => {
    const found = tables(await toMarkdown({ path: sample('test_wikipedia.html') }))
    const rowsUnder = (head: string) => found.find(([row]) => row?.[0] === head)?.length
    expect(['Year', 'Region', 'Shareholder name'].map(rowsUnder)).toEqual([20, 3, 12])
  })

  it('keeps list items in a table cell apart and uses no HTML in it', async () => {
    const markdown = await toMarkdown({ path: sample('test_wikipedia.html') })
    expect(markdown).toContain('"Bill Gates") [Paul Allen]')
    expect(markdown).not.toContain('<br>')
  })
})

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

  it('keeps code blocks with their language', async () => {
    const markdown = await fromHtml('<pre><code class="language-js">let a = 1\n\n\n\nlet b</code></pre>')
    expect(markdown).toContain('```js\nlet a = 1\n')
  })

  it('leaves out scripts, styles and navigation', async () => {
    const page =
      '<nav>menu</nav><script>run()</script><style>p{}</style><p>text</p><noscript>no script</noscript>'
    expect(await fromHtml(page)).toBe('text\n')
  })
})
