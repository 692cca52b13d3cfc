/** One run of text as pdf.js gives it: a string in one font, with its place on the page, in the order it was drawn. */
export interface TextRun {
  str: string
  width: number
  transform: number[]
}

/** A stretch of a line with no gap in it that is wider than a space; a line of a table has several. */
export interface Cell {
  text: string
  left: number
  right: number
}

export interface Line {
  cells: Cell[]
  left: number
  right: number
  /** The baseline, counted upwards from the bottom of the page. */
  y: number
  /** The size of most of its letters. */
  size: number
}

/**
 * Joins a page's runs into lines. Runs stay in the order they were drawn, which is the reading order in nearly every
 * file, columns included; sorting by position would braid columns into each other.
 */
export function readLines(runs: TextRun[], pageHeight: number): Line[] {
  const lines: Line[] = []
  let open: Draft | undefined
  for (const run of runs) {
    const text = run.str.trim()
    if (text === '') continue
    const placed = place(run)
    if (open && continues(open, placed)) append(open, placed)
    else {
      open = { ...placed, cells: [{ text, left: placed.left, right: placed.right }], letters: text.length }
      lines.push(open)
    }
  }
  return withoutPageNumber(lines, pageHeight)
}

interface PlacedRun {
  str: string
  left: number
  right: number
  y: number
  size: number
}

interface Draft extends Line {
  str: string
  letters: number
}

// In units of the font size. A word space is about a quarter, a justified one up to 0.7, and LaTeX parts a section's
// number from its title by 1; the narrowest gap between columns seen in real tables is 1.14.
const WORD_GAP = 0.12
const COLUMN_GAP = 1.1
const BASELINE_SHIFT = 0.45
const OTHER_SIZE = 1.15

function place(run: TextRun): PlacedRun {
  const [, , c = 0, d = 0, x = 0, y = 0] = run.transform
  return { str: run.str, left: x, right: x + run.width, y, size: Math.hypot(c, d) }
}

function continues(line: Draft, run: PlacedRun): boolean {
  const size = Math.max(line.size, run.size)
  if (Math.abs(run.y - line.y) > BASELINE_SHIFT * size) return false
  const gap = run.left - line.right
  if (gap < -0.5 * size) return false
  // Side by side in different sizes are two texts, such as a title with the date at the other margin.
  return gap <= COLUMN_GAP * size || !differ(line.size, run.size)
}

function differ(a: number, b: number): boolean {
  return Math.max(a, b) > OTHER_SIZE * Math.min(a, b)
}

function append(line: Draft, run: PlacedRun): void {
  const text = run.str.trim()
  const gap = (run.left - line.right) / Math.max(line.size, run.size)
  const last = line.cells.at(-1)
  if (last && gap <= COLUMN_GAP) {
    const afterNoteMark = /^\d{1,3}$/.test(last.text) && differ(line.size, run.size)
    const spaced = gap > WORD_GAP || /\s$/.test(line.str) || /^\s/.test(run.str) || afterNoteMark
    last.text += spaced ? ` ${text}` : text
    last.right = run.right
  } else {
    line.cells.push({ text, left: run.left, right: run.right })
  }
  line.right = run.right
  line.str = run.str
  // A footnote mark or an initial does not decide what size a line has.
  if (text.length > line.letters) Object.assign(line, { size: run.size, y: run.y, letters: text.length })
}

// The outer tenth of the page, where nothing but a page number is a number alone.
const MARGIN = 0.1

function withoutPageNumber(lines: Line[], pageHeight: number): Line[] {
  return lines.filter((line) => {
    const inMargin = line.y < pageHeight * MARGIN || line.y > pageHeight * (1 - MARGIN)
    return !(
      inMargin &&
      line.cells.length === 1 &&
      /^[–—-]?\s*\d{1,4}\s*[–—-]?$/.test(line.cells[0]?.text ?? '')
    )
  })
}
