import { mapTextLines } from './markdown/lines.js'

/** Takes the content of embedded images out of Markdown and, where asked, the addresses of remote ones; the alternative text stays. */
export function tidyImages(markdown: string, remote: 'strip' | 'keep'): string {
  if (!HAS_IMAGE.test(markdown)) return markdown
  const isUnwanted = remote === 'strip' ? /^(?:data:|https?:|ftp:|\/\/)/i : /^data:/i
  const isUnwantedTag = (tag: string) =>
    remote === 'strip' ? LEADS_AWAY.test(tag) : isUnwanted.test(attribute(tag, 'src'))
  const unwanted = new Set<string>()
  for (const [, label = '', url = ''] of markdown.matchAll(DEFINITION)) {
    if (isUnwanted.test(url)) unwanted.add(label.toLowerCase())
  }
  return mapTextLines(markdown, (line) => {
    if (!HAS_IMAGE.test(line)) return line
    return line.replace(IMAGE, (match, code, alt = '', url, text = '', label, tag, cut) => {
      if (code) return match
      if (tag) return isUnwantedTag(tag) ? placeholder(attribute(tag, 'alt')) : match
      // It ends on another line, or in no way that is sure. Not by a backslash, which does nothing in a block of HTML.
      if (cut) return remote === 'strip' ? `&lt;${match.slice(1)}` : match
      if (url !== undefined) return isUnwanted.test(url) ? placeholder(alt) : match
      return unwanted.has((label || text).toLowerCase()) ? placeholder(text) : match
    })
  })
}

// What a definition of an image names may be the address of a link as well, so the definitions stay.
const DEFINITION = /^ {0,3}\[([^\]\n]+)\]:\s*<?([^\s>]{1,2000})/gm

const HAS_IMAGE = /!\[|<(?:img|image|source)\b/i
const TAG = String.raw`<(?:img|image|source)\b`
/**
 * What the address of another server cannot do without, however it is written; browsers read tags in more ways than are worth
 * following. A tag that has it for another reason loses no more than its image.
 */
const LEADS_AWAY = /[:&\\]|\/\/|srcset/i

const ALT = String.raw`((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)`
const IMAGE = new RegExp(
  [
    '(?<!`)(`+)(?!`)[^`]*`+',
    String.raw`!\[${ALT}\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)`,
    String.raw`!\[${ALT}\](?:\[([^\]]*)\])?`,
    `(${TAG}(?:"[^"<]*"|'[^'<]*'|[^"'<>])*>)`,
    `(${TAG})`,
  ].join('|'),
  'gi',
)

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?/g

// One by one, since the value of one may look like another; of several of a name the first counts.
function attribute(tag: string, name: string): string {
  const attributes = tag.replace(/^<\w+/, '').matchAll(ATTRIBUTE)
  for (const [, own = '', value = ''] of attributes)
    if (own.toLowerCase() === name) return value.replace(/^(["'])(.*)\1$/s, '$2').trim()
  return ''
}

function placeholder(alt: string): string {
  return alt.trim() === '' ? '' : `![${alt}](image)`
}
