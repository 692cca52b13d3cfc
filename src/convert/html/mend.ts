import { missingEnd, readTags, type Tag } from './tags.js'

/**
 * Writes what the HTML engine needs: the ends of elements that HTML lets one leave out (`<tr><td>a<td>b<tr>`), since it would nest
 * what comes next in them and drop cells, and `&lt;` for each `<` that begins no tag, since it would look for the end of one up
 * to the end of the page. Tags deeper than anybody nests them are left out, but not their text: the engine calls itself for
 * each level, and from some 3,000 on its process crashes.
 */
export function mendHtml(html: string): string {
  const open = new OpenElements()
  const pieces: string[] = []
  let kept = 0
  let last: Tag | undefined
  for (const tag of readTags(html)) {
    const { start, end } = tag
    last = tag
    const mended = tag.name === '' ? '&lt;' : mendTag(tag, html, open)
    if (mended === undefined) continue
    pieces.push(html.slice(kept, start), mended)
    kept = end
  }
  return pieces.join('') + html.slice(kept) + (last ? missingEnd(html, last) : '')
}

/** What is to stand in the place of a tag; undefined: itself. */
function mendTag(
  { name, closes, start, end, hasBracket }: Tag,
  html: string,
  open: OpenElements,
): string | undefined {
  const isPlain = WITHOUT_CONTENT.has(name)
  const left = isPlain ? none : closes ? open.leftOpenIn(name) : open.endedBy(name)
  const isKept = isPlain || (closes ? open.close(name) : open.open(name))
  if (isKept && left.length === 0 && !hasBracket) return undefined
  // What stood apart stays apart.
  const written = isKept ? `<${html.slice(start + 1, end).replaceAll('<', '&lt;')}` : ' '
  return endsOf(left) + written
}

const DEEPEST = 500
const none: string[] = []

interface Rule {
  /** The elements that end where such a one begins. */
  ends: Set<string>
  /** Those that they lie in; beyond the nearest of these none ends. */
  within: Set<string>
}

const words = (list: string) => new Set(list.split(' '))
const rule = (ends: string, within: string): Rule => ({ ends: words(ends), within: words(within) })
const cell = rule('td th', 'tr table')
const section = rule('thead tbody tfoot', 'table')
const term = rule('dt dd', 'dl')
const rules = new Map(
  Object.entries({
    li: rule('li', 'ul ol menu'),
    dt: term,
    dd: term,
    option: rule('option', 'select datalist'),
    td: cell,
    th: cell,
    tr: rule('tr', 'thead tbody tfoot table'),
    thead: section,
    tbody: section,
    tfoot: section,
    p: rule('p', 'body div section article main aside header footer nav blockquote li dd td th table form'),
  }),
)

/** They hold nothing, or no HTML. */
const WITHOUT_CONTENT = words(
  'area base br col embed hr img input link meta param source track wbr script style textarea title',
)

/** An end within a cell is none of an element around the table. */
const CELLS = words('td th caption')
const PARTS_OF_TABLES = words('td th caption tr thead tbody tfoot table')

/** The elements that are open at a place; of those that are too deep it knows only how many of each name. */
class OpenElements {
  readonly #names: string[] = []
  readonly #tooDeep = new Map<string, number>()

  /** Takes off what ends where an element of that name begins; the outermost comes first. */
  endedBy(name: string): string[] {
    const found = rules.get(name)
    if (!found) return none
    const at = this.#names.findLastIndex((open) => found.ends.has(open) || found.within.has(open))
    return at >= 0 && found.ends.has(this.#names[at] ?? '') ? this.#names.splice(at) : none
  }

  /** Takes off what is open still where an element of that name ends. */
  leftOpenIn(name: string): string[] {
    if (this.#names.at(-1) === name || this.#tooDeep.get(name)) return none
    const at = this.#find(name)
    return at < 0 ? none : this.#names.splice(at + 1)
  }

  /** @returns Whether it is not too deep. */
  open(name: string): boolean {
    if (this.#names.length < DEEPEST) return this.#names.push(name) > 0
    this.#tooDeep.set(name, (this.#tooDeep.get(name) ?? 0) + 1)
    return false
  }

  /** @returns Whether its element was not too deep. */
  close(name: string): boolean {
    const tooDeep = this.#tooDeep.get(name)
    if (tooDeep) this.#tooDeep.set(name, tooDeep - 1)
    else if (this.#names.at(-1) === name) this.#names.pop()
    return !tooDeep
  }

  #find(name: string): number {
    const isEnd = PARTS_OF_TABLES.has(name)
      ? (open: string) => open === 'table'
      : (open: string) => CELLS.has(open)
    const at = this.#names.findLastIndex((open) => open === name || isEnd(open))
    return this.#names[at] === name ? at : -1
  }
}

/** Only of those that may be left out: what else is open is somebody's mistake, which the engine knows to read. */
function endsOf(names: string[]): string {
  const ends = names.filter((name) => rules.has(name)).map((name) => `</${name}>`)
  return ends.reverse().join('')
}
