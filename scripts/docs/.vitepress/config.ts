// The site of docs/. `npm run docs` builds it for the root of a server, `npm run docs -- --base /path/` for a path of it.
// Pages load modules, so a browser needs a server: `npm run preview --prefix scripts/docs`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type MarkdownRenderer } from 'vitepress'
import { anchorOf, repositoryOf, targetOf } from '../links.js'
import { quickStart, sectionsOf } from '../pages.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const docs = join(root, 'docs')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const icon = `data:image/svg+xml,${encodeURIComponent(readFileSync(join(root, 'src/http/page/icon.svg'), 'utf8'))}`

const start = quickStart(docs)
const sections = sectionsOf(docs)
/** What the home page leads to. */
const contents = [
  ...(start ? [start] : []),
  ...sections.map(({ text, about, pages }) => ({ text, about, link: pages[0].link })),
]

export default defineConfig({
  srcDir: '../../docs',
  srcExclude: ['api/README.md'],
  outDir: 'dist',
  title: manifest.name,
  description: manifest.description,
  head: [['link', { rel: 'icon', href: icon }]],
  markdown: {
    anchor: { slugify: anchorOf },
    // GitHub shows braces as they are.
    attrs: { disable: true },
    config: linkToRepository,
  },
  themeConfig: {
    logo: icon,
    nav: sections.map(({ text, pages }) => ({ text, link: pages[0].link })),
    sidebar: [...(start ? [start] : []), ...sections.map(({ text, pages }) => ({ text, items: pages }))],
    outline: [2, 3],
    search: { provider: 'local' },
  },
  transformPageData({ relativePath, frontmatter }) {
    if (relativePath !== 'index.md') return
    frontmatter.hero.actions = [{ theme: 'brand', text: 'Get started', link: contents[0].link }]
    frontmatter.features = contents.map(({ text, about, link }) => ({ title: text, details: about, link }))
  },
})

/** Makes links to files outside docs lead to the repository, or plain text where that has no address. */
function linkToRepository(md: MarkdownRenderer) {
  const repository = repositoryOf(manifest)
  md.core.ruler.push('link-to-repository', ({ tokens, env }) => {
    for (const token of tokens) {
      let isRemoved = false
      token.children &&= token.children.filter((child) => {
        if (child.type === 'link_close') return !isRemoved
        if (child.type !== 'link_open') return true
        const target = targetOf(child.attrGet('href') ?? '', { root, repository, page: env.path })
        isRemoved = target === undefined
        child.attrSet('href', target ?? '')
        return !isRemoved
      })
    }
  })
}
