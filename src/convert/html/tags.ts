/** A tag, or a `<` that is none; that has no name. */
export interface Tag {
  start: number
  end: number
  /** In small letters. */
  name: string
  closes: boolean
  /** Whether there is another `<` in it. */
  hasBracket: boolean
}

const RAW_TEXT = ['script', 'style', 'textarea', 'title']
/** The ends of what holds no HTML. `<!-->` and `<!--->` are comments, too. */
const CONTENT_ENDS = new Map([
  ['!--', /(?<=<!--)-?>|--!?>/g],
  ...RAW_TEXT.map((name) => [name, new RegExp(`</${name}`, 'gi')] as const),
])
const NAME = /<\/?[a-z][^\s/>]*/iy
const DECLARATION = /<[!?]/y
const SLASH = 0x2f

/** The tags of a page in order. Each look goes on where the last one ended, so that no page is looked through twice. */
export function* readTags(html: string): Generator<Tag> {
  for (let start = html.indexOf('<'); start >= 0; ) {
    let next = html.indexOf('<', start + 1)
    NAME.lastIndex = start
    DECLARATION.lastIndex = start
    if (NAME.test(html)) {
      const tag = readTag(html, start, NAME.lastIndex, next)
      const end = tag.closes ? tag.end : contentEnd(html, tag.name, tag.end)
      if (next >= 0 && next < end) next = html.indexOf('<', end)
      yield tag
    } else if (html.startsWith('<!--', start)) next = html.indexOf('<', contentEnd(html, '!--', start + 4))
    else if (!DECLARATION.test(html))
      yield { start, end: start + 1, name: '', closes: false, hasBracket: false }
    start = next
  }
}

/**
 * Where tags are to be looked for again behind the beginning of an element, or of a comment (`!--`). What holds no HTML
 * and has no end reaches to the end of the page.
 */
export function contentEnd(html: string, name: string, from: number): number {
  const close = CONTENT_ENDS.get(name.toLowerCase())
  if (!close) return from
  close.lastIndex = from
  return close.exec(html)?.index ?? html.length
}

/** The end that a script or the like lacks where it is the last tag of a page. */
export function missingEnd(html: string, { name, closes, end }: Tag): string {
  return !closes && RAW_TEXT.includes(name) && html[end - 1] === '>' ? `</${name}>` : ''
}

function readTag(html: string, start: number, nameEnd: number, next: number): Tag {
  const closes = html.charCodeAt(start + 1) === SLASH
  const name = html.slice(start + (closes ? 2 : 1), nameEnd).toLowerCase()
  const end = endOfTag(html, nameEnd)
  return { start, end, name, closes, hasBracket: next >= 0 && next < end }
}

const GREATER = 0x3e
const MARK = /["'>]/g

/** After the next `>` that is in no quotation marks. */
function endOfTag(html: string, from: number): number {
  if (html.charCodeAt(from) === GREATER) return from + 1
  MARK.lastIndex = from
  for (let match = MARK.exec(html); match; match = MARK.exec(html)) {
    if (match[0] === '>') return MARK.lastIndex
    MARK.lastIndex = after(html, match[0], MARK.lastIndex)
  }
  return html.length
}

function after(html: string, text: string, from: number): number {
  const at = html.indexOf(text, from)
  return at < 0 ? html.length : at + text.length
}
