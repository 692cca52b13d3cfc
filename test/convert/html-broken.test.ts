import { describe, expect, it } from 'vitest'
import { documentFile, toMarkdown } from './documents.js'

async function fromHtml(html: string): Promise<string> {
  return toMarkdown({ path: await documentFile('page.html', html) })
}

describe('a page with a mistake in it', () => {
  it('keeps each < that begins no tag', async () => {
    expect(await fromHtml('<p>1 < 2 and 3 <4, x<</p><p>end</p>')).toBe('1 < 2 and 3 <4, x<\n\nend\n')
  })

  it('keeps its text and what follows where it is nested deeper than anything is', async () => {
    const [open, close] = ['<div>'.repeat(600), '</div>'.repeat(600)]
    expect(await fromHtml(`${open}deep${close}<p>after</p><ul><li>a<li>b</ul>`)).toBe(
      'deep\n\nafter\n\n- a\n- b\n',
    )
  })
})

describe('a page that is cut off keeps what stands before', () => {
  it.each([
    ['a comment', '<!-- <p>no text'],
    [
      'a comment after a table',
      '<table><tr><td>a</td></tr></table><!-- <table><tr><td>b',
      '| a |\n| --- |\n',
    ],
    ['a script', '<script>let a = "<p>no text</p>"; if (a < 1'],
    ['the end of a script', '<script>let a = "<p>no text</p>"</scr'],
    ['a style sheet', '<STYLE>p > b { color: red }'],
    ['a tag', '<b class'],
    ['the name of a script', '<script'],
    ['the value of an attribute', '<a href="https://example.org/a b'],
  ])('within %s', async (_, end, kept = '') => {
    expect(await fromHtml(`<p>before</p>${end}`)).toBe(['before\n', kept].filter(Boolean).join('\n'))
  })

  it('within a text field, whose text is some', async () => {
    expect(await fromHtml('<p>before</p><textarea>typed <')).toBe('before\n\ntyped <\n')
  })
})
