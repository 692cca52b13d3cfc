/** Takes the last raw HTML out of the engine's Markdown, and what stands for nothing a reader could use. */
export function tidyMarkdown(markdown: string): string {
  let fenced = false
  const lines = markdown.split('\n').map((line) => {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced
    return fenced ? line : tidyLine(line)
  })
  return lines.join('\n').replace(/\n{3,}/g, '\n\n')
}

function tidyLine(line: string): string {
  const kept = line.includes('![](image)') ? line.replaceAll('![](image)', '') : line
  if (kept.startsWith('|')) return tidyRow(kept)
  // Less than a list's indentation means nothing, and neither does space after a list's marker; two spaces at a line's
  // end are a line break.
  const text = kept.replace(/^ {1,3}(?=\S)/, '').replace(/^( *(?:-|\d+\.)) {2,}(?=\S)/, '$1 ')
  return text.trim() === '' ? '' : text
}

// A cell's paragraphs arrive parted by <br> and its line breaks as runs of spaces. GitHub has no other way to break a
// line in a cell than HTML, so they become spaces; code in a cell stays as it is.
function tidyRow(row: string): string {
  return row.replace(/(`[^`]*`)|\s*<br>\s*|[ \u00a0]{2,}/g, (_, code?: string) => code ?? ' ')
}
