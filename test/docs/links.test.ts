import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorsOf, withoutCodeBlocks } from './anchors.js'
import { docsPages, root } from './snippets.js'

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...(await docsPages())]

describe('the links in the documentation', () => {
  it.each(pages)('of %s lead to files that exist, and to headings that they have', async (page) => {
    const links = linksOf(await readFile(join(root, page), 'utf8'))
    const reasons = await Promise.all(links.map((link) => whyBroken(page, link)))
    expect(reasons.filter((reason) => reason !== undefined)).toEqual([])
  })

  it('are found, with their anchors, but not in code', () => {
    const text = [
      '[a](b.md#c) and ![d](e.svg), [f](https://example.org/g.md)',
      '`[h](i.md)`',
      '```md\n[j](k.md)\n```',
      '[l]: m.md',
    ].join('\n')
    expect(linksOf(text)).toEqual(['b.md#c', 'e.svg', 'm.md'])
  })

  it('to headings are named as GitHub names them', () => {
    const text = '# A `b(c, d)` <e…>\n## Same\n### Same\n```sh\n# no heading\n```\n## [f](g.md) h_i'
    expect([...anchorsOf(text)]).toEqual(['a-bc-d-e', 'same', 'same-1', 'f-h_i'])
  })
})

/** The relative links of a page, as they are written. */
function linksOf(text: string): string[] {
  const prose = withoutCodeBlocks(text).replace(/`[^`\n]+`/g, '')
  const inline = [...prose.matchAll(/\]\(\s*<?([^\s)>]+)/g)]
  const definitions = [...prose.matchAll(/^ {0,3}\[[^\]\n]+\]:\s*<?([^\s>]+)/gm)]
  return [...inline, ...definitions].map(([, target = '']) => target).filter((target) => !isAddress(target))
}

function isAddress(target: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(target)
}

async function whyBroken(page: string, link: string): Promise<string | undefined> {
  const [path = '', anchor] = link.split('#')
  const file = path === '' ? page : join(dirname(page), decodeURIComponent(path))
  if (!existsSync(join(root, file))) return `${link}: there is no ${file}`
  if (anchor === undefined) return undefined
  const anchors = anchorsOf(await readFile(join(root, file), 'utf8'))
  return anchors.has(anchor)
    ? undefined
    : `${link}: ${file} has no such heading, only ${[...anchors].join(', ')}`
}
