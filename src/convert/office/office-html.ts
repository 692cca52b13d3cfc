import { escapeHtml } from '../html/write.js'
import { isWebAddress } from '../markdown/link.js'

/** A piece of a paragraph in one format; a newline in it is a line break. */
export interface Run {
  text: string
  bold?: boolean | undefined
  italic?: boolean | undefined
  strike?: boolean | undefined
  code?: boolean | undefined
  href?: string | undefined
  /** The text is the alternative text of a picture. */
  image?: boolean | undefined
}

/** An item and what belongs to it, as HTML; what is deeper than the item before it is nested in that. */
export interface ListItem {
  depth: number
  ordered: boolean
  /** The number of an ordered item, where the list does not begin with it. */
  start?: number | undefined
  html: string
}

export function paragraphHtml(runs: Run[]): string {
  const html = runsHtml(runs)
  return html && `<p>${html}</p>`
}

/** The level of a chart's title: below slides and sheets. */
export const CHART_HEADING = 3

/** Headings are bold as they are. */
export function headingHtml(level: number, runs: Run[]): string {
  const line = runs.map((run) => ({ ...run, text: run.text.replace(/\s+/g, ' '), bold: false }))
  const html = runsHtml(line)
  return html && `<h${Math.min(level, 6)}>${html}</h${Math.min(level, 6)}>`
}

/** Runs as HTML: neighbours in one format joined, and the spaces at their ends left out of the format. */
export function runsHtml(runs: Run[]): string {
  const html = joinEqual(runs).map(runHtml).join('')
  return /[^\s<>]|<img/.test(html.replace(/<(?!img)[^>]*>/g, '')) ? html.trim() : ''
}

/** Cells are HTML. The first row is the head, as GitHub's tables have to have one; the others may be shorter. */
export function tableHtml(rows: string[][]): string {
  const [head, ...others] = rows.filter((row) => row.some((cell) => cell !== ''))
  if (!head) return ''
  const width = others.reduce((most, row) => Math.max(most, row.length), head.length)
  const wide = [...head, ...Array<string>(width - head.length).fill('')]
  return `<table>${rowHtml(wide, 'th')}${others.map((row) => rowHtml(row, 'td')).join('')}</table>`
}

export function listHtml(items: ListItem[]): string {
  const [first] = items
  if (!first) return ''
  // Up to where a list of the other kind begins; a deeper first item counts as outermost as well.
  const end = items.findIndex((item) => item.depth <= first.depth && item.ordered !== first.ordered)
  const own = end < 0 ? items : items.slice(0, end)
  const starts = own.flatMap((item, index) => (item.depth <= first.depth ? index : []))
  const lines = starts.map((start, index) => {
    const nested = own.slice(start + 1, starts[index + 1])
    return `<li>${own[start]?.html ?? ''}${listHtml(nested)}</li>`
  })
  const tag = first.ordered ? 'ol' : 'ul'
  const start = first.ordered && (first.start ?? 1) !== 1 ? ` start="${first.start}"` : ''
  return `<${tag}${start}>${lines.join('')}</${tag}>${end < 0 ? '' : listHtml(items.slice(end))}`
}

/** A paragraph alone as what is in it, for a list's item or a table's cell. */
export function unwrapped(html: string): string {
  return html.lastIndexOf('<p>') === 0 && html.endsWith('</p>') ? html.slice(3, -4) : html
}

function rowHtml(cells: string[], tag: string): string {
  return `<tr>${cells.map((cell) => `<${tag}>${withoutTables(cell)}</${tag}>`).join('')}</tr>`
}

// A cell has no room for a table: of one in it, the texts are left, a line for each row.
function withoutTables(cell: string): string {
  return cell
    .replace(/<\/t[hd]><t[hd]>/g, ' ')
    .replace(/<table>|<\/tr>/g, '<br>')
    .replace(/<\/?(?:table|tr|th|td)>/g, '')
}

function joinEqual(runs: Run[]): Run[] {
  const joined: Run[] = []
  for (const run of runs) {
    const last = joined.at(-1)
    if (last && !run.image && sameFormat(last, run)) last.text += run.text
    else joined.push({ ...run })
  }
  return joined
}

const FORMATS = ['bold', 'italic', 'strike', 'code', 'href', 'image'] as const

function sameFormat(a: Run, b: Run): boolean {
  return FORMATS.every((format) => (a[format] || undefined) === (b[format] || undefined))
}

function runHtml(run: Run): string {
  if (run.image) return link(imageHtml(run.text), run.href)
  const text = run.text.trim()
  const start = run.text.length - run.text.trimStart().length
  const tags = [run.strike && 'del', run.italic && 'em', run.bold && 'strong', run.code && 'code']
  const html = tags.reduce<string>(
    (inner, tag) => (tag && text ? `<${tag}>${inner}</${tag}>` : inner),
    breaks(text),
  )
  const [before, after] = [run.text.slice(0, start), run.text.slice(start + text.length)]
  return breaks(before) + (text ? link(html, run.href) : '') + breaks(after)
}

function breaks(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>')
}

function imageHtml(alt: string): string {
  const text = alt.replace(/\s+/g, ' ').trim()
  return text && `<img src="image" alt="${escapeHtml(text)}">`
}

// A link within the document has no place to go to in Markdown.
function link(html: string, href: string | undefined): string {
  return html && href && isWebAddress(href) ? `<a href="${escapeHtml(href)}">${html}</a>` : html
}
