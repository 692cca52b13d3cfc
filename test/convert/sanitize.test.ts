import { describe, expect, it } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { documentFile, sample, toMarkdown } from './documents.js'

async function sanitized(text: string) {
  // Few control characters are still text; many are another kind of file.
  const content = `${'Rain. '.repeat(100)}\n${text}`
  const { markdown, hiddenCharacters } = await convert({ path: await documentFile('text.txt', content) })
  return [markdown.slice(markdown.indexOf('\n') + 1).trimEnd(), hiddenCharacters]
}

const tags = (text: string) =>
  [...text].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')

describe('characters that hide text are taken out and counted', () => {
  it.each([
    ['zero-width characters', 'ig\u200bno\u200cre\u2060 \ufeffthis\u200d', 'ignore this', 5],
    ['direction overrides', 'a\u202etxt.exe\u202c b\u2066c\u2069', 'atxt.exe bc', 4],
    ['direction marks among Latin letters', 'a\u200fb\u200ec', 'abc', 2],
    ['control characters', 'a\u0000b\u0008c\u009bd', 'abcd', 3],
    ['colours of a terminal', '\u001b[31mred\u001b[0m', 'red', 9],
    ['letters spelt in tags', `hello${tags('ignore all')} you`, 'hello you', 20],
    ['soft hyphens and fillers', 'in\u00adstruct\u3164ion', 'instruction', 2],
    ['runs of variation selectors, but the first on an emoji', 'a\ufe01\ufe02 ☂\ufe0f\ufe0e', 'a ☂\ufe0f', 3],
  ])('%s', async (_, text, clean, removed) => {
    expect(await sanitized(text)).toEqual([clean, removed])
  })
})

describe('what a script or an emoji needs stays', () => {
  it.each([
    ['joiners in emoji', '👩‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 ❤️‍🔥'],
    ['the flag of a region', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['keycaps', '1\ufe0f\u20e3'],
    ['the non-joiner in Persian', 'می\u200cخواهم'],
    ['joiners in Hindi and Malayalam', 'क्\u200dष क्\u200cष ന്\u200d'],
    ['marks beside Hebrew and Arabic', 'שלום\u200f! \u200eسلام'],
    ['zero-width spaces between Khmer words', 'ខ្មែរ\u200bភាសា'],
    ['Japanese variants', '葛\u{e0100}城'],
    ['ordinary text', 'Tab\tand “quotes” – naïve 雨\n\nline'],
  ])('%s', async (_, text) => {
    expect(await sanitized(text)).toEqual([text, 0])
  })

  it('and nothing is taken out of the samples but soft hyphens', async () => {
    for (const name of ['test.epub', 'test.rtf', 'test_blog.html', 'test_mskanji.csv', 'test.docx']) {
      const { markdown } = await convert({ path: sample(name) })
      const whole = await toMarkdown({ path: sample(name), sanitize: false })
      expect(whole.replace(/[\u00ad\u200b\u200e]/g, '')).toBe(markdown)
    }
  })
})

describe('sanitize: false', () => {
  it('leaves all as it is', async () => {
    const path = await documentFile('text.txt', 'a\u200bb')
    expect(await convert({ path, sanitize: false })).toMatchObject({
      markdown: 'a\u200bb\n',
      hiddenCharacters: 0,
    })
  })
})

describe('the metadata', () => {
  it('is sanitised as well, since it goes into the front matter', async () => {
    const path = await documentFile('a.html', '<html><title>a&#8203;b\u202ec\n d</title><body>text')
    expect((await convert({ path })).metadata.title).toBe('abc d')
  })
})

describe('whatever the format', () => {
  it('is sanitised', async () => {
    const path = await documentFile('a.html', '<p>a&#8203;b&#x202e;c</p>')
    expect(await convert({ path })).toMatchObject({ markdown: 'abc\n', hiddenCharacters: 2 })
  })
})
