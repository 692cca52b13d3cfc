/** Maps the lines of Markdown that are text, and leaves those of fenced code alone. */
export function mapTextLines(markdown: string, map: (line: string) => string): string {
  let fence: string | undefined
  const lines = markdown.split('\n').map((line) => {
    const [, mark, info = ''] = /^ *(`{3,}|~{3,})(.*)/.exec(line) ?? []
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && info.trim() === '') fence = undefined
      return line
    }
    // A fence of backticks has none in its first line; ```like this``` is code in a sentence.
    if (mark && !(mark.startsWith('`') && info.includes('`'))) {
      fence = mark
      return line
    }
    return map(line)
  })
  return lines.join('\n')
}

/** Makes room for headings above: those of a document inside another are below the heading it stands under. */
export function lowerHeadings(markdown: string, by: number): string {
  return mapTextLines(markdown, (line) =>
    line.replace(/^(#{1,6})(?=\s)/, (marks) => '#'.repeat(Math.min(6, marks.length + by))),
  )
}
