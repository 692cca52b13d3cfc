/**
 * Works around what the HTML engine gets wrong, in one pass over the source: a nested list is glued to its item by the
 * white space before it, text that spells a tag (`&lt;b&gt;`) becomes one, list items in a table cell run together,
 * data URIs are copied as they are, and an alternative text of several lines breaks its image.
 */
export function prepareHtml(html: string): string {
  let verbatim = 0
  let tables = 0
  return html.replace(MARKS, (match: string, ...groups: (string | number | undefined)[]) => {
    const [space, tag, entity, dataAttribute, offset] = groups
    if (space) return verbatim > 0 ? match : blank(html, Number(offset) + match.length)
    if (typeof tag === 'string') {
      const name = tag.toLowerCase()
      if (name === 'li') return tables > 0 ? `<br>${match}` : match
      const step = match[1] === '/' ? -1 : 1
      if (name === 'table') tables = Math.max(0, tables + step)
      else verbatim = Math.max(0, verbatim + step)
      return match
    }
    if (entity) return verbatim > 0 ? match : `\\${match}`
    if (dataAttribute) return /^src$/i.test(String(dataAttribute)) ? 'src="image"' : ''
    return match.replace(/\s+/g, ' ')
  })
}

const MARKS = new RegExp(
  [
    String.raw`(\s{2,}|[\r\n]| (?=<\/?(?:ul|ol|li)\b))`,
    String.raw`<\/?(table|pre|code|kbd|samp|textarea|(?<=<\/)li)\b`,
    '(&lt;)(?=[a-z!/?])',
    String.raw`\b(src|href)\s*=\s*(?:"\s*data:[^"]*"|'\s*data:[^']*')`,
    String.raw`\balt\s*=\s*(?:"[^"]*"|'[^']*')`,
  ].join('|'),
  'gi',
)

const BLOCK_TAG = /<\/?(?:ul|ol|li|p|div|h[1-6]|table|blockquote|section|article)\b/iy

function blank(html: string, at: number): string {
  BLOCK_TAG.lastIndex = at
  return BLOCK_TAG.test(html) ? '' : ' '
}
