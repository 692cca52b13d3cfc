/** A stretch of text that looks the same throughout. */
export interface Run {
  text: string
  bold: boolean
  italic: boolean
  strike: boolean
  raised: 'sup' | 'sub' | undefined
  /** In half points, as in the file. */
  size: number
  link: string | undefined
  kind: 'text' | 'note' | 'image'
}

export interface ParagraphFormat {
  style: number
  /** From 0; 9 is body text. */
  outlineLevel: number | undefined
  inTable: boolean
  list: number
  listLevel: number | undefined
  indent: number
}

export const plainParagraph: ParagraphFormat = {
  style: 0,
  outlineLevel: undefined,
  inTable: false,
  list: 0,
  listLevel: undefined,
  indent: 0,
}

export interface Paragraph {
  kind: 'paragraph'
  runs: Run[]
  format: ParagraphFormat
  /** Set for list items: the marker as written, and how far in the item is. */
  item: { marker: string; depth: number } | undefined
}

/** Each cell is what stands in it. */
export interface Table {
  kind: 'table'
  rows: Paragraph[][][]
}

export type Block = Paragraph | Table

export interface RtfDocument {
  blocks: Block[]
  notes: Block[][]
  styles: Map<number, { outlineLevel: number | undefined; name: string }>
  title: string
  author: string
}
