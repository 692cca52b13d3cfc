import { contentEnd } from './tags.js'

/**
 * Takes a table that holds tables apart into its cells, one below another: it is there for the layout, and Markdown has
 * no room for a table in a cell. The others are told to be tables by a caption, without which the engine makes lists
 * of those whose rows differ in length.
 */
export function unwrapLayoutTables(html: string): string {
  const layout = layoutTables(html)
  const open: boolean[] = []
  return rewriteTags(html, PARTS, ({ tag, isEnd, at }) => {
    if (tag === 'table' && !isEnd) open.push(layout.has(at))
    const isLayout = open.at(-1) === true
    if (tag === 'table' && isEnd) open.pop()
    if (isLayout) return BREAK
    return tag === 'table' && !isEnd ? (text) => `${text}<caption></caption>` : undefined
  })
}

interface Tag {
  tag: string
  isEnd: boolean
  at: number
}

type Rewrite = ((text: string) => string) | undefined

const SKIPPED = String.raw`<(?<hidden>!--|script\b|style\b)`
const TABLES = new RegExp(String.raw`${SKIPPED}|<(?<end>\/?)(?<tag>table)\b[^<>]*>`, 'gi')
const PARTS = new RegExp(
  String.raw`${SKIPPED}|<(?<end>\/?)(?<tag>table|caption|colgroup|col|thead|tbody|tfoot|tr|td|th)\b[^<>]*>`,
  'gi',
)

const BREAK = () => '<div></div>'

/** Where the tables begin that hold others. */
function layoutTables(html: string): Set<number> {
  const layout = new Set<number>()
  const open: number[] = []
  rewriteTags(html, TABLES, ({ isEnd, at }) => {
    const outer = open.at(-1)
    if (isEnd) open.pop()
    else {
      if (outer !== undefined) layout.add(outer)
      open.push(at)
    }
    return undefined
  })
  return layout
}

/** Comments and scripts may hold tags that are none. */
function rewriteTags(html: string, tags: RegExp, rewrite: (tag: Tag) => Rewrite): string {
  const parts: string[] = []
  let written = 0
  tags.lastIndex = 0
  for (let match = tags.exec(html); match; match = tags.exec(html)) {
    const { hidden, tag = '', end } = match.groups ?? {}
    if (hidden) {
      tags.lastIndex = contentEnd(html, hidden, tags.lastIndex)
      continue
    }
    const change = rewrite({ tag: tag.toLowerCase(), isEnd: end === '/', at: match.index })
    if (!change) continue
    parts.push(html.slice(written, match.index), change(match[0]))
    written = tags.lastIndex
  }
  return parts.join('') + html.slice(written)
}
