import { raisedText } from '../markdown/raised-text.js'
import { markNotes } from './footnotes.js'
import { unwrapLayoutTables } from './tables.js'
import { contentEnd } from './tags.js'

/**
 * Works around what the HTML engine gets wrong or cannot know: tables that hold tables, notes, and in one pass over the
 * source what `Pass` names.
 */
export function prepareHtml(html: string): string {
  const pass = new Pass()
  return markNotes(unwrapLayoutTables(plainCode(html))).replace(
    MARKS,
    (match: string, ...rest: unknown[]) => {
      const [groups, source, offset] = [rest.at(-1), rest.at(-2), rest.at(-3)]
      return pass.rewrite(match, groups as Groups, String(source), Number(offset))
    },
  )
}

/**
 * Stands in the first line of code within a list, with the list's depth, for `tidyMarkdown` to indent the code by; and
 * in the empty lines of all code, of which the engine leaves one, and takes it for the end of a paragraph.
 */
export const CODE_DEPTH = '\ue000'

type Groups = Partial<
  Record<
    | 'hidden'
    | 'space'
    | 'quotation'
    | 'link'
    | 'math'
    | 'tex'
    | 'raised'
    | 'level'
    | 'code'
    | 'tag'
    | 'block'
    | 'number'
    | 'entity'
    | 'data',
    string
  >
>

const MARKS = new RegExp(
  [
    String.raw`<(?<hidden>!--|script\b|style\b)`,
    String.raw`(?<space>\s{2,}|[\r\n]| (?=<\/?(?:ul|ol|li)\b))`,
    String.raw`(?<code><pre\b[^<>]*>(?:\s*<code\b[^<>]*>)?)`,
    String.raw`(?<quotation><\/blockquote\s*>\s*<blockquote\b[^<>]*>)`,
    String.raw`(?<link><a\b[^<>]*>\s*<\/a>)`,
    String.raw`(?<math><math\b(?:[^<]|<(?!\/?math\b)(?!annotation\b)){0,20000}<annotation\b[^<>]*tex[^<>]*>(?<tex>[^<>]{1,5000})<\/annotation>(?:\s*<\/(?:semantics|mrow|math)>){1,3})`,
    String.raw`(?<block><\/?(?:p|li|div|dd|dt|br|blockquote)\b[^<>]*>)\s*(?:(?=(?:#{1,6}|[+-]|&gt;)(?:[\s<]|$))|(?<number>\d{1,9})(?=[.)]\s))`,
    String.raw`<\/?(?<tag>table|ul|ol|dl|dt|dd|hr|pre|code|kbd|samp|textarea|(?<=<\/)li)\b[^<>]*`,
    String.raw`<(?<level>sup|sub)\b[^<>]*>\s*(?<raised>[\dn+()−-]{1,12})\s*<\/\k<level>>`,
    '(?<entity>&lt;)(?=[a-z!/?])',
    String.raw`\b(?<data>src|href)\s*=\s*(?:"\s*(?:data|cid):[^"]*"|'\s*(?:data|cid):[^']*')`,
    String.raw`\balt\s*=\s*(?:"[^"]*"|'[^']*')`,
  ].join('|'),
  'gi',
)

/**
 * A nested list is glued to its item by the white space before it, text that spells a tag (`&lt;b&gt;`) becomes one, text
 * that looks like the beginning of a heading or a list becomes one, code leaves the list it is in, list items in a table
 * cell run together, raised and lowered numbers become part of those before them, data URIs and those of a mail's own
 * pictures are copied as they are, and an alternative text of several lines breaks its image.
 */
class Pass {
  #verbatim = 0
  #tables = 0
  #lists = 0
  #isCode = false
  /** Where the comment or script ends that has been met last. */
  #hiddenTo = 0

  rewrite(match: string, groups: Groups, html: string, offset: number): string {
    if (offset < this.#hiddenTo) return match
    if (groups.hidden) {
      this.#hiddenTo = contentEnd(html, groups.hidden, offset + match.length)
      return match
    }
    if (groups.space) return this.#verbatim > 0 ? this.#codeSpace(match) : blank(html, offset + match.length)
    if (groups.code) return this.#openCode(match)
    if (groups.block) return this.#escapeStart(match, groups.block, groups.number)
    if (groups.tag) return this.#passTag(match, groups.tag.toLowerCase())
    if (groups.raised) return raisedText(groups.raised, groups.level?.toLowerCase() === 'sub' ? 'sub' : 'sup')
    if (groups.quotation) return '<div></div>'
    if (groups.link) return ''
    if (groups.math) return `$${groups.tex?.trim()}$`
    if (groups.entity) return this.#verbatim > 0 ? match : `\\${match}`
    if (groups.data) return /^src$/i.test(groups.data) ? 'src="image"' : ''
    return match.replace(/\s+/g, ' ')
  }

  #openCode(match: string): string {
    this.#verbatim += /<code\b/i.test(match) ? 2 : 1
    this.#isCode = this.#tables === 0
    return this.#isCode && this.#lists > 0 ? `${match}${CODE_DEPTH}${this.#lists}\n` : match
  }

  #codeSpace(space: string): string {
    return this.#isCode ? space.replace(/\n(?=[^\S\n]*\n)/g, `\n${CODE_DEPTH}`) : space
  }

  // In a cell nothing can begin.
  #escapeStart(match: string, block: string, number: string | undefined): string {
    if (this.#verbatim > 0 || this.#tables > 0) return match
    return number === undefined ? `${block}\\` : `${block}${number}\\`
  }

  #passTag(match: string, name: string): string {
    const step = match[1] === '/' ? -1 : 1
    if (name === 'li') return this.#tables > 0 ? `<br>${match}` : match
    // The engine sets a term and what it means in one line.
    if (/^d[ltd]$/.test(name)) return match.replace(/d[ltd]/i, 'div')
    if (name === 'hr') return this.#tables > 0 ? '<br' : match
    if (name === 'pre') this.#isCode = false
    if (name === 'table') this.#tables = Math.max(0, this.#tables + step)
    else if (name === 'ul' || name === 'ol') this.#lists = Math.max(0, this.#lists + step)
    else this.#verbatim = Math.max(0, this.#verbatim + step)
    return match
  }
}

/** Code without what colours and numbers its lines. */
function plainCode(html: string): string {
  const parts = html.split(/(?=<pre\b)/i)
  if (parts.length === 1) return html
  return parts
    .map((part) => {
      const end = part.search(/<\/pre\b/i)
      return end < 0 ? part : part.slice(0, end).replace(/<\/?(?:span|a)\b[^<>]*>/gi, '') + part.slice(end)
    })
    .join('')
}

const BLOCK_TAG = /<\/?(?:ul|ol|li|p|div|h[1-6]|table|blockquote|section|article)\b/iy

function blank(html: string, at: number): string {
  BLOCK_TAG.lastIndex = at
  return BLOCK_TAG.test(html) ? '' : ' '
}
