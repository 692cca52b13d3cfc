import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { headings, outOfOrder, sample, tables, toMarkdown } from './documents.js'

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

  it('keeps the links, pictures and list items of the article', async () => {
    const markdown = await toMarkdown({ path: sample('test_blog.html') })
    const [article = ''] =
      /<article[\s\S]*<\/article>/.exec(await readFile(sample('test_blog.html'), 'utf8')) ?? []
    const links = [...article.matchAll(/href="(https?:[^"]+)"/g)].map(([, url = '']) => url)
    expect(links).toHaveLength(8)
    expect(outOfOrder(markdown, links)).toEqual([])
    const pictures = [2, 3, 4, 5].map(
      (level) => `![level ${level} algebra](/autogen/assets/images/level${level}`,
    )
    expect(outOfOrder(markdown, pictures)).toEqual([])
    // 3 of the summary, 2 models, 5 parameters, 2 to read and 3 tags; 4 headings and 2 places of the community follow.
    expect(markdown.match(/^- /gm)).toHaveLength(15 + 4 + 2)
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
    const [facts] = found.filter((rows) => rows.some(([name]) => name === 'Industry'))
    expect(facts).toHaveLength(27)
  })

  it('keeps the links of the article to other sites', async () => {
    const markdown = await toMarkdown({ path: sample('test_wikipedia.html') })
    const page = await readFile(sample('test_wikipedia.html'), 'utf8')
    const article = page.slice(page.indexOf('id="mw-content-text"'), page.indexOf('class="navbox-styles"'))
    const addresses = [...article.matchAll(/href="(https?:[^"&()]+)"/g)].map(([, url]) => url)
    expect(new Set(addresses).size).toBe(23)
    expect(addresses.filter((url) => !markdown.includes(`${url}`))).toEqual([])
  })

  it('makes footnotes of the ten notes that are in the page, and text of the marks of those that are not', async () => {
    const markdown = await toMarkdown({ path: sample('test_wikipedia.html') })
    const notes = markdown.match(/^\[\^\d+\]: /gm) ?? []
    expect(notes).toHaveLength(10)
    expect(notes.filter((note) => markdown.split(note.slice(0, -2)).length < 3)).toEqual([])
    expect(markdown).toMatch(/^\[\^8\]: Blodget, Henry \(August 23, 2013\)\. \["And Microsoft Is Giving Up/m)
    expect(markdown).toContain('pivotal contract with [IBM](/wiki/IBM)[14]: 228')
    expect(markdown).not.toMatch(/cite_note|cite_ref|↑/)
  })

  it('begins with the article, not with the names of 154 languages', async () => {
    const markdown = await toMarkdown({ path: sample('test_wikipedia.html') })
    expect(markdown).not.toMatch(/Afrikaans|154 languages|Hidden categories/)
    expect(markdown.indexOf('From Wikipedia, the free encyclopedia')).toBeLessThan(1_000)
  })

  it('parts a table for the layout from the table in it', async () => {
    const found = tables(await toMarkdown({ path: sample('test_wikipedia.html') }))
    const [series] = found.filter(([row]) => row?.at(-1)?.includes('This article is part of a series about'))
    expect(series).toHaveLength(1)
    expect(series?.[0]).toHaveLength(2)
  })

  it('keeps list items in a table cell apart and uses no HTML in it', async () => {
    const markdown = await toMarkdown({ path: sample('test_wikipedia.html') })
    expect(markdown).toContain('| Founders | [Bill Gates](/wiki/Bill_Gates) [Paul Allen](/wiki/Paul_Allen) |')
    expect(markdown).not.toContain('<br>')
  })
})
