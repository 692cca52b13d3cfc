import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { glob } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { anchorsOf } from '../docs/anchors.js'
import { docsPages, root } from '../docs/snippets.js'

const site = join(root, 'scripts/docs/dist')
const built = (await glob('**/*.html', { cwd: site, ignore: ['404.html'] })).sort()
const pages = new Map(
  await Promise.all(built.map(async (page) => [page, await readFile(join(site, page), 'utf8')] as const)),
)
const ids = new Map([...pages].map(([page, html]) => [page, new Set(all(html, / id="([^"]+)"/g))]))
const written = (await docsPages()).map((page) => page.replace(/^docs\/(.*)\.md$/, '$1'))

describe('the built site', () => {
  it('has each page of docs/, and of the API reference', () => {
    expect(written.length).toBeGreaterThan(20)
    expect(built).toEqual(expect.arrayContaining(written.map((page) => `${page}.html`)))
    expect(built.filter((page) => page.startsWith('api/')).length).toBeGreaterThan(5)
  })

  it.each(written)('names the headings of %s as GitHub does', async (page) => {
    const text = await readFile(join(root, 'docs', `${page}.md`), 'utf8')
    const headings = all(pages.get(`${page}.html`), /<h[1-6] id="([^"]+)" tabindex/g)
    expect(headings).toEqual([...anchorsOf(text)])
  })

  it.each(built)('has no link in %s to a page or a heading that is missing', (page) => {
    const links = all(pages.get(page), /<a\b[^>]*? href="([^"]*)"/g)
    expect(links.length).toBeGreaterThan(10)
    expect(links.map((link) => whyBroken(page, link)).filter((reason) => reason !== undefined)).toEqual([])
  })

  it.each(built)('loads nothing in %s from elsewhere', (page) => {
    const loaded = all(pages.get(page), /<(?:link|script|img|source|iframe)\b[^>]*? (?:href|src)="([^"]+)"/g)
    expect(loaded.length).toBeGreaterThan(3)
    expect(loaded.filter((address) => /^(?!data:)[a-z]+:|^\/\//.test(address))).toEqual([])
  })
})

/** What the first group of a pattern finds. */
function all(html = '', pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map(([, found = '']) => found)
}

function whyBroken(page: string, link: string): string | undefined {
  const { host, pathname, hash } = new URL(link, `http://site/${page}`)
  if (host !== 'site') return undefined
  const file = decodeURIComponent(pathname)
    .slice(1)
    .replace(/(^|\/)$/, '$1index.html')
  const found = ids.get(file)
  if (!found) return `${link}: there is no ${file}`
  const id = decodeURIComponent(hash.slice(1))
  return id === '' || found.has(id) ? undefined : `${link}: ${file} has no such heading`
}
