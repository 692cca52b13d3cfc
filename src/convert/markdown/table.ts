/** A GitHub table, the first row as its head. Rows may be shorter than the widest one, as GitHub allows. */
export function markdownTable(rows: string[][]): string {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const [head = [], ...body] = rows
  const wide = [...head, ...new Array<string>(width - head.length).fill('')]
  return [writeRow(wide), `|${' --- |'.repeat(width)}`, ...body.map(writeRow)].join('\n')
}

/** Text in a line of Markdown of which nothing is taken for a tag. */
export function inlineText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/<(?=[a-z!/?])/gi, '\\<')
}

function writeRow(cells: string[]): string {
  return `| ${cells.map(writeCell).join(' | ')} |`
}

// GitHub's tables have one line a row, and no way to break it but HTML.
function writeCell(text: string): string {
  return inlineText(text)
    .replace(/\\(?=\||$)/g, '\\\\')
    .replaceAll('|', '\\|')
}
