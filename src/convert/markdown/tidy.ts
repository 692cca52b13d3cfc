import { CODE_DEPTH } from '../html/prepare.js'

/** Takes the last raw HTML out of the engine's Markdown, and what stands for nothing a reader could use. */
export function tidyMarkdown(markdown: string): string {
  let fenced = false
  let indent = ''
  let last = ''
  const lines = markdown.split('\n').flatMap((line, index, all) => {
    const isFence = /^\s*(?:```|~~~)/.test(line)
    if (isFence) fenced = !fenced
    if (isFence && fenced) indent = INDENT.repeat(depthOf(all[index + 1]))
    const text = isFence || fenced ? codeLine(line, indent) : textLine(tidyLine(line), last)
    last = text.at(-1) ?? last
    return text
  })
  return lines.join('\n')
}

const INDENT = '    '

function depthOf(line: string | undefined): number {
  return line?.startsWith(CODE_DEPTH) ? Number(line.slice(CODE_DEPTH.length)) || 0 : 0
}

function codeLine(line: string, indent: string): string[] {
  if (line.startsWith(CODE_DEPTH)) return depthOf(line) > 0 ? [] : ['']
  return [line && indent + line]
}

// One empty line is enough. The engine sets a quotation right below the text before it.
function textLine(text: string, last: string): string[] {
  if (text === '' && last === '') return []
  const beginsQuotation = text.startsWith('> ') && !last.startsWith('>')
  return (beginsQuotation || NOTE.test(text)) && last !== '' ? ['', text] : [text]
}

const NOTE = /^\[\^\d+\]: /

function tidyLine(line: string): string {
  const kept = tidyLinks(line)
  if (kept.startsWith('|')) return tidyRow(kept)
  // Less than a list's indentation means nothing, and neither does space after a list's marker; two spaces at a line's
  // end are a line break. Where a paragraph follows an item's text, the engine sets it behind five spaces.
  const text = kept
    .replace(/^ {1,3}(?=\S)/, '')
    .replace(/^( *(?:-|\d+\.)) {2,}(?=\S)/, '$1 ')
    .replace(/^( *(?:-|\d+\.) \S.*?) {5}(?=\S)/, '$1 ')
    .replace(/^(?:-|\d+\.) (?=\[\^\d+\]: )/, '')
  return text.trim() === '' || /^ *-\s*$/.test(text) ? '' : unescapeAsterisks(text)
}

function tidyLinks(line: string): string {
  if (!line.includes('](')) return line
  return line
    .replaceAll('![](image)', '')
    .replace(/(?<![!\]])\[\]\([^()\s]*\)/g, '')
    .replace(TITLED_LINK, (link, start: string, text: string, title: string) =>
      title.replaceAll('&amp;', '&') === text ? `${start})` : link,
    )
}

// A title that only says the text again.
const TITLED_LINK = /(\[([^[\]\\]{1,200})\]\((?:[^()\s]|\([^()\s]*\)){1,2000}) "([^"\\]{1,200})"\)/g

// The engine escapes each of them; one between spaces can begin nothing.
function unescapeAsterisks(text: string): string {
  return text.includes(' \\* ') ? text.replace(/(?<=\S )\\\*(?= )/g, '*') : text
}

// A cell's paragraphs arrive parted by <br> and its line breaks as runs of spaces. GitHub has no other way to break a
// line in a cell than HTML, so they become spaces; code in a cell stays as it is.
function tidyRow(row: string): string {
  return unescapeAsterisks(row).replace(
    /(`[^`]*`)|\s*<br>\s*|[ \u00a0]{2,}/g,
    (_, code?: string) => code ?? ' ',
  )
}
