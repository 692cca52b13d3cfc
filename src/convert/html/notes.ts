/** A note's mark in the text, as HTML; the engine writes it as it stands. */
export function noteMark(number: number): string {
  return `[^${number}]`
}

/** The notes of a document after its text, their HTML being converted to Markdown by the caller's engine. */
export function writeNotes(notes: { number: number; markdown: string }[]): string {
  return notes.map(({ number, markdown }) => `[^${number}]: ${indented(markdown)}`).join('\n\n')
}

// The paragraphs of a note belong to it by their indentation.
function indented(markdown: string): string {
  return markdown.trim().replace(/\n(?=[^\n])/g, '\n    ')
}
