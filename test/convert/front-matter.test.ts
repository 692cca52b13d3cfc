import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { convert, withFrontMatter } from '../../src/convert/index.js'
import { documentFile } from './documents.js'

const told = { format: 'pdf', source: 'report.pdf', converted_at: new Date('2024-03-05T09:00:00Z') }

function parseFrontMatter(markdown: string): unknown {
  return parse(/^---\n([\s\S]*?)\n---\n/.exec(markdown)?.[1] ?? '')
}

describe('front matter', () => {
  it('stands before the text, without what is not known', async () => {
    expect(
      await withFrontMatter('# Title\n', { ...told, title: 'On rain', author: undefined, pages: 3 }),
    ).toBe(
      '---\ntitle: On rain\npages: 3\nformat: pdf\nsource: report.pdf\nconverted_at: 2024-03-05T09:00:00.000Z\n---\n\n# Title\n',
    )
  })

  it.each([
    ...[
      'On rain',
      'Über Regen',
      'a (b).c_d-e',
      'rain  fall',
      'Nullable',
      'trailing ',
      '-',
      'Yes',
      'NULL',
      'n',
    ],
    ...[
      '12',
      '1e3',
      '0x1f',
      '2024',
      'a\nb',
      'x: y',
      '2024-03-05T09:00:00.000Z',
      '.inf',
      '~',
      '雨',
      'é',
      'a'.repeat(200),
    ],
  ])('is what the package yaml writes: %j', async (title) => {
    const values = { title, format: 'pdf', source: 'report.pdf', converted_at: '2024-03-05T09:00:00.000Z' }
    expect(await withFrontMatter('Text\n', { ...told, title })).toBe(
      `---\n${stringify(values, { lineWidth: 0 })}---\n\nText\n`,
    )
  })

  it.each([
    'Rain: a "study"',
    "it's # no comment",
    '--- \n---\ninjected: true',
    '{{ template }}',
    'no',
    '2024-01-01',
    '007',
    '*alias',
    'x'.repeat(300),
  ])('gives back %j as it was', async (title) => {
    expect(parseFrontMatter(await withFrontMatter('text\n', { ...told, title }))).toMatchObject({
      title,
      format: 'pdf',
    })
  })

  it('is added to what a Markdown file has already', async () => {
    const markdown = await withFrontMatter('---\ntitle: Own\ntags: [a]\n---\n\ntext\n', {
      ...told,
      title: 'Other',
    })
    expect(parseFrontMatter(markdown)).toMatchObject({ title: 'Own', tags: ['a'], source: 'report.pdf' })
    expect(markdown.match(/^---$/gm)).toHaveLength(2)
    expect(markdown).toMatch(/\n---\n\ntext\n$/)
  })

  it('takes no rule for front matter', async () => {
    const markdown = await withFrontMatter('---\nA line\n---\n', told)
    expect(markdown).toMatch(/\n---\n\n---\nA line\n---\n$/)
  })
})

describe('Markdown', () => {
  it('passes with its charset and line ends normalised, and tells its title', async () => {
    const path = await documentFile(
      'a.md',
      '\ufeff---\r\ntitle: Own\r\nauthor: [A, B]\r\n---\r\n\r\n# One\r\ntwo  \r\n',
    )
    expect(await convert({ path })).toEqual({
      markdown: '---\ntitle: Own\nauthor: [A, B]\n---\n\n# One\ntwo\n',
      format: 'markdown',
      metadata: { title: 'Own', author: 'A, B' },
      hiddenCharacters: 0,
    })
  })

  it('tells nothing of a title and authors that are no text', async () => {
    const path = await documentFile('a.md', '---\ntitle: 7\nauthor: [{ name: Ann }]\n---\n\ntext\n')
    expect((await convert({ path })).metadata).toEqual({})
  })

  it('passes with broken front matter', async () => {
    const path = await documentFile('a.md', '---\ntitle: [\n---\n\ntext\n')
    expect((await convert({ path })).markdown).toContain('text')
  })
})
