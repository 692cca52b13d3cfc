import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repositoryOf, targetOf } from '../../scripts/docs/links.js'
import { quickStart, sectionsOf } from '../../scripts/docs/pages.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** A folder of pages, by their paths. */
async function docsWith(pages: Record<string, string>) {
  const docs = await temporaryFolder()
  for (const [path, text] of Object.entries(pages)) {
    await mkdir(dirname(join(docs, path)), { recursive: true })
    await writeFile(join(docs, path), text)
  }
  return docs
}

describe('the sidebar of the site', () => {
  it('has the pages of a section in their order, then others by name, and no section without pages', async () => {
    const docs = await docsWith({
      'guide/a-new-page.md': '# New\n',
      'guide/timers.md': '# Timers\n',
      'guide/calling.md': 'First words\n\n# Calling `cached`  \n## More\n',
      'guide/timers.svg': '',
      'api/raincheck/mcp/tasks.md': '# raincheck/mcp/tasks\n',
      'api/raincheck.md': '# raincheck\n',
      'api/README.md': '# raincheck\n',
    })
    expect(sectionsOf(docs).map(({ text, pages }) => [text, pages])).toEqual([
      [
        'Guide',
        [
          { text: 'Calling cached', link: '/guide/calling' },
          { text: 'Timers', link: '/guide/timers' },
          { text: 'New', link: '/guide/a-new-page' },
        ],
      ],
      [
        'API',
        [
          { text: 'raincheck', link: '/api/raincheck' },
          { text: 'raincheck/mcp/tasks', link: '/api/raincheck/mcp/tasks' },
        ],
      ],
    ])
  })

  it('begins with the quick start where there is one, which is in no section', async () => {
    const docs = await docsWith({ 'quick-start.md': '# Quick start', 'index.md': '', 'rules.md': '# Rules' })
    expect(quickStart(docs)).toMatchObject({ text: 'Quick start', link: '/quick-start' })
    expect(sectionsOf(docs).map(({ pages }) => pages)).toEqual([[{ text: 'Rules', link: '/rules' }]])
    expect(quickStart(await docsWith({}))).toBeUndefined()
  })
})

describe('a link on the site', () => {
  const place = { root: '/clone', page: '/clone/docs/guide/calling.md' }
  const repository = 'https://example.org/owner/rain'

  it.each([
    'timers.md#a',
    '../rules.md',
    '#here',
    '/guide/timers',
    'https://example.org',
    'mailto:a@example.org',
  ])('to %s stays as it is written', (link) =>
    expect(targetOf(link, { ...place, repository: undefined })).toBe(link),
  )

  it.each([
    ['../../examples/bullmq.mjs', 'examples/bullmq.mjs'],
    ['../../README.md#install', 'README.md#install'],
    ['../../docs-of-others/a.md', 'docs-of-others/a.md'],
  ])('to %s leads to the repository, or nowhere if that has no address', (link, path) => {
    expect(targetOf(link, { ...place, repository })).toBe(`${repository}/blob/HEAD/${path}`)
    expect(targetOf(link, { ...place, repository: undefined })).toBeUndefined()
  })

  it.each([
    [{}, undefined],
    [{ repository: 'https://example.org/owner/rain' }, repository],
    [{ repository: { url: 'git+https://example.org/owner/rain.git' } }, repository],
  ])('finds the address of the repository in %j', (manifest, address) => {
    expect(repositoryOf(manifest)).toBe(address)
  })
})
