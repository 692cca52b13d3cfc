import { noteMark } from './notes.js'

/**
 * Makes footnotes of a page's notes: small raised links to items of a list. The items are marked as notes where they
 * stand, for `tidyMarkdown` to take them out of the list; their links back to the text lead nowhere in Markdown.
 */
export function markNotes(html: string): string {
  if (!/<sup\b/i.test(html)) return html
  const targets = new Set([...html.matchAll(NOTE)].map((match) => match.groups?.id))
  const ids = new Set([...html.matchAll(ID)].map(([, id]) => id))
  const numbers = new Map<string, number>()
  const ends = new Set<string>()
  const marked = html.replace(MARK, (mark: string, ...rest: unknown[]) => {
    const { outer, inner } = rest.at(-1) as { outer?: string; inner?: string }
    const id = targetOf(outer ?? inner ?? '')
    if (id === undefined) return mark
    // A note that the page does not have.
    if (!ids.has(id)) return mark.replace(/<[^<>]*>/g, '').trim()
    if (!targets.has(id)) return mark
    for (const [, own = ''] of mark.matchAll(ID)) ends.add(own)
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1)
    return noteMark(numbers.get(id) ?? 0)
  })
  return numbers.size === 0 ? marked : markItems(marked, numbers, ends)
}

// Bounded, or a broken page would be searched to its end from each of its tags.
const TEXT = String.raw`\s*(?:[^<>]|<\/?(?:span|b|i)\b[^<>]*>){1,300}?\s*`
const MARK = new RegExp(
  String.raw`<sup\b[^<>]*>\s*<a\b(?<outer>[^<>]*)>${TEXT}<\/a>\s*<\/sup>|<a\b(?<inner>[^<>]*)>\s*<sup\b[^<>]*>${TEXT}<\/sup>\s*<\/a>`,
  'gi',
)
const ID = /\b(?:id|name)\s*=\s*["']([^"'<>]*)["']/gi
const NOTE = /<li\b[^<>]*?\bid\s*=\s*["'](?<id>[^"'<>]*)["'][^<>]*>(?<paragraph>\s*<p\b[^<>]*>)?/gi
const LINK = /<a\b(?<attributes>[^<>]*)>(?:[^<>]|<(?!\/?a\b)[^<>]*>){0,300}?<\/a>/gi

function targetOf(attributes: string): string | undefined {
  return /\bhref\s*=\s*["']#([^"'<>]+)["']/i.exec(attributes)?.[1]
}

function markItems(html: string, numbers: Map<string, number>, ends: Set<string>): string {
  const items = html.replace(NOTE, (item: string, id: string, paragraph = '') => {
    const number = numbers.get(id)
    return number === undefined ? item : `<li>${paragraph}${noteMark(number)}: `
  })
  return items.replace(LINK, (link, attributes: string) => (ends.has(targetOf(attributes) ?? '') ? '' : link))
}
