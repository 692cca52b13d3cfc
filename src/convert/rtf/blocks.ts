import { type Block, type Paragraph, type ParagraphFormat, plainParagraph, type Run } from './document.js'

/** Gathers runs into paragraphs, and those into the cells and rows of tables. */
export class BlockBuilder {
  readonly blocks: Block[] = []
  #runs: Run[] = []
  #marker = ''
  #cell: Paragraph[] = []
  #row: Paragraph[][] = []

  add(run: Run): void {
    const last = this.#runs.at(-1)
    if (last && run.kind === 'text' && looksAlike(last, run)) last.text += run.text
    else this.#runs.push({ ...run })
  }

  /** The number or bullet of a list item, which comes before its text. */
  mark(text: string): void {
    this.#marker = text
  }

  endParagraph(format: ParagraphFormat): void {
    const paragraph = this.#take(format)
    if (format.inTable) {
      this.#cell.push(paragraph)
      return
    }
    this.#endTable()
    if (paragraph.runs.some(({ text, kind }) => kind !== 'text' || text.trim() !== ''))
      this.blocks.push(paragraph)
  }

  endCell(format: ParagraphFormat): void {
    this.#row.push([...this.#cell, this.#take(format)])
    this.#cell = []
  }

  endRow(): void {
    const row = this.#row
    this.#row = []
    if (row.length === 0) return
    const last = this.blocks.at(-1)
    if (last?.kind === 'table') last.rows.push(row)
    else this.blocks.push({ kind: 'table', rows: [row] })
  }

  /** What is left over where the text ends without a last mark. */
  end(format: ParagraphFormat): Block[] {
    this.endParagraph({ ...format, inTable: false })
    return this.blocks
  }

  #take(format: ParagraphFormat): Paragraph {
    const [runs, marker] = [this.#runs, this.#marker]
    this.#runs = []
    this.#marker = ''
    const isItem = marker.trim() !== '' || format.list > 0
    const item = isItem ? { marker: marker.trim(), depth: format.listLevel ?? format.indent } : undefined
    return { kind: 'paragraph', runs, format, item: item ?? takeMarker(runs, format) }
  }

  // A row without its end, in a table that text follows or that the file ends in.
  #endTable(): void {
    if (this.#cell.length > 0) this.endCell(plainParagraph)
    this.endRow()
  }
}

// Writers without lists of their own write the bullet and a tab.
const TYPED_MARKER = /^\s*([•·◦▪‣○■–-]|\d{1,3}[.)]|[a-z][.)])\t\s*/

function takeMarker(runs: Run[], { indent }: ParagraphFormat) {
  const [first] = runs
  const [all, marker] = (indent > 0 && first?.kind === 'text' && TYPED_MARKER.exec(first.text)) || []
  if (!first || !all || !marker) return undefined
  first.text = first.text.slice(all.length)
  return { marker, depth: indent }
}

function looksAlike(a: Run, b: Run): boolean {
  const isSameText = a.kind === b.kind && a.link === b.link && a.size === b.size
  return isSameText && a.bold === b.bold && a.italic === b.italic && a.strike === b.strike
}
