import { describe, expect, it } from 'vitest'
import { documentFile, toMarkdown } from './documents.js'

async function from(markdown: string, remoteImages?: 'strip' | 'keep'): Promise<string> {
  return toMarkdown({ path: await documentFile('a.md', markdown), remoteImages })
}

const REMOTE = 'https://example.org/a_(b).png'

describe('remote images', () => {
  it('keep their address by default', async () => {
    expect(await from(`![rain](${REMOTE} "title")`)).toBe(`![rain](${REMOTE} "title")\n`)
  })

  it.each([
    [`![rain](${REMOTE} "title")`, '![rain](image)'],
    [`![rain](<${REMOTE}>) and ![](//example.org/x)`, '![rain](image) and'],
    [`[![rain](${REMOTE})](https://example.org)`, '[![rain](image)](https://example.org)'],
    [`a <img alt="rain" src="${REMOTE}"> b`, 'a ![rain](image) b'],
    [`![a [nested] text](${REMOTE})`, '![a [nested] text](image)'],
    [`a <img src='${REMOTE}' alt='rain'> b`, 'a ![rain](image) b'],
    [`a <img src=${REMOTE} alt=rain> b`, 'a ![rain](image) b'],
    [`a <img data-src="rain.png" src="${REMOTE}" data-alt="x"> b`, 'a  b'],
    [`a <img title="a src='rain.png'" src="${REMOTE}"> b`, 'a  b'],
    [`a <img =src=a src="${REMOTE}"> b`, 'a  b'],
    [`a <img alt="a > b" src="${REMOTE}"> b`, 'a ![a > b](image) b'],
    ['a <img src="&#104;ttps:example.org/x"> <img src="/\\example.org/x"> b', 'a   b'],
    ['a <img srcset="example.org/x 2x" src="x"><source srcset="/x"> b', 'a  b'],
    [`a <img "src=a src="${REMOTE}"> b`, `a &lt;img "src=a src="${REMOTE}"> b`],
    [`a <img alt="rain"\nsrc="${REMOTE}"> b`, `a &lt;img alt="rain"\nsrc="${REMOTE}"> b`],
    ['a <img src="rain.png" alt="rain"> <img> b', 'a <img src="rain.png" alt="rain"> <img> b'],
    ['![local](rain.png)', '![local](rain.png)'],
  ])('can be left out, but for their text: %s', async (markdown, stripped) => {
    expect(await from(markdown, 'strip')).toBe(`${stripped}\n`)
  })

  it('is no matter of what a tag is cut off by where they may stay', async () => {
    const markdown = `a <img alt="rain"\nsrc="${REMOTE}"> b\n`
    expect(await from(markdown)).toBe(markdown)
  })

  it('can be left out where they are named by a reference', async () => {
    const markdown = await from(`![rain][R] ![r] ![other]\n\n[r]: ${REMOTE}\n`, 'strip')
    expect(markdown).toMatch(/^!\[rain\]\(image\) !\[r\]\(image\) !\[other\]\n/)
  })

  it('are looked for in time in what looks like the beginning of code', async () => {
    const markdown = `<img alt="${'`'.repeat(200_000)}x`
    expect(await from(markdown, 'strip')).toBe(`&lt;${markdown.slice(1)}\n`)
  })

  it('stay in code, which shows nothing', async () => {
    const code = `\`![rain](${REMOTE})\`\n\n\`\`\`\n![rain](${REMOTE})\n\`\`\`\n`
    expect(await from(code, 'strip')).toBe(code)
  })
})

describe('embedded images', () => {
  it('keep their text only, in every format', async () => {
    expect(
      await from('![rain](data:image/png;base64,iVBORw0KGgo=) ![x][y]\n\n[y]: data:image/png;base64,AA\n'),
    ).toMatch(/^!\[rain\]\(image\) !\[x\]\(image\)\n/)
  })
})
