// The pages of the site, read from docs/ in the order of its sidebar.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

interface Page {
  text: string
  link: string
}

/** With what the home page says about it. */
export interface Section {
  text: string
  about: string
  pages: Page[]
}

/** A new page needs no row here: pages that `first` does not name follow in alphabetical order. */
const sections = [
  {
    text: 'Guide',
    about:
      'How calls, timers, errors, stores and backends work, and how to serve tasks over MCP, HTTP and the CLI.',
    folder: 'guide',
    first: [
      'calling',
      'timers',
      'errors',
      'cancelling',
      'progress',
      'scopes',
      'stores',
      'backends',
      'writing-a-backend',
      'several-machines',
      'mcp',
      'mcp-tasks',
      'http',
      'cli',
    ],
  },
  {
    text: 'Recipes',
    about: 'Complete solutions to common tasks, to copy and adapt.',
    folder: 'recipes',
    first: ['mcp-tool', 'express-mounted', 'express-route', 'fastify', 'hono', 'next', 'progress-bar'],
  },
  {
    text: 'Reference',
    about: 'Facts to look up while you work, and answers to common questions.',
    folder: 'reference',
    first: ['options', 'errors', 'events', 'cli', 'http', 'mcp-tools'],
  },
  {
    text: 'API',
    about: 'Every exported function and type, generated from the source.',
    folder: 'api',
    first: ['raincheck'],
  },
  {
    text: 'Project',
    about: 'Architecture, design decisions, the rules that hold everywhere, and licenses.',
    folder: '',
    first: ['architecture', 'decisions', 'rules', 'licences'],
  },
]

/** Pages outside the sections, and the contents that typedoc writes, which the sidebar has. */
const apart = ['index', 'quick-start', 'README']

/** What newcomers read first, where `docs` has it. */
export function quickStart(docs: string): (Page & { about: string }) | undefined {
  if (!existsSync(join(docs, 'quick-start.md'))) return undefined
  return {
    ...pageAt(docs, 'quick-start'),
    about: 'Wrap a function, see what its calls return, and poll from a web route.',
  }
}

/** The sections in which `docs` has pages. */
export function sectionsOf(docs: string): Section[] {
  return sections
    .map(({ text, about, folder, first }) => ({ text, about, pages: pagesIn(docs, folder, first) }))
    .filter(({ pages }) => pages.length > 0)
}

function pagesIn(docs: string, folder: string, first: string[]): Page[] {
  const path = join(docs, folder)
  if (!existsSync(path)) return []
  const found = readdirSync(path, { recursive: folder !== '', encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length))
    .filter((name) => !apart.includes(name))
    .sort()
  const named = first.filter((name) => found.includes(name))
  const others = found.filter((name) => !first.includes(name))
  return [...named, ...others].map((name) => pageAt(docs, posix.join(folder, name)))
}

/** Named by its first heading. */
function pageAt(docs: string, path: string): Page {
  const [, heading = path] = /^# +(.+?) *$/m.exec(readFileSync(join(docs, `${path}.md`), 'utf8')) ?? []
  return { text: heading.replace(/[`\\]/g, ''), link: `/${path}` }
}
