import { markdownLink } from '../markdown/link.js'
import type { TextRun } from './lines.js'

/** The part of a pdf.js annotation that matters here; `url` is set only for links that leave the document. */
export interface LinkAnnotation {
  url?: string
  rect: number[]
  /** The text under the annotation. */
  overlaidText?: string
}

/** Writes links to the web into the runs they lie on, as `[text](url)`. */
export function placeLinks<Run extends TextRun>(runs: Run[], annotations: LinkAnnotation[]): Run[] {
  const links = annotations.filter((annotation) => annotation.url !== undefined)
  if (links.length === 0) return runs
  return runs.map((run) => {
    // From the right, so that a link written does not move the places of those before it.
    const here = links.flatMap((link) => locate(run, link)).sort((a, b) => b.start - a.start)
    const str = here.reduce(writeLink, run.str)
    return { ...run, str }
  })
}

interface Span {
  start: number
  end: number
  url: string
}

function locate(run: TextRun, link: LinkAnnotation): Span[] {
  const [left = 0, bottom = 0, right = 0, top = 0] = link.rect
  const [, , , size = 0, x = 0, y = 0] = run.transform
  const middle = y + size / 3
  const covered = Math.min(right, x + run.width) - Math.max(left, x)
  if (!link.url || middle < bottom || middle > top || covered <= size / 3 || run.str.trim() === '') return []
  if (covered > run.width * 0.9) return [trimmed(run.str, 0, run.str.length, link.url)]
  return [wordsBetween(run, left - x, right - x, link)]
}

// A run is a whole line as often as a word. Its letters are taken to be equally wide to estimate where the link begins
// and ends; the annotation's own text, where it is found near by, corrects the estimate.
function wordsBetween(run: TextRun, from: number, to: number, link: LinkAnnotation): Span {
  const letter = run.width / run.str.length
  const start = Math.max(0, Math.round(from / letter))
  const end = Math.min(run.str.length, Math.round(to / letter))
  const text = link.overlaidText?.trim() ?? ''
  const found = text ? nearest(run.str, text, start) : -1
  if (found >= 0) return { start: found, end: found + text.length, url: link.url ?? '' }
  const wordStart = run.str.lastIndexOf(' ', start) + 1
  const wordEnd = run.str.indexOf(' ', Math.max(end - 1, wordStart))
  return trimmed(run.str, wordStart, wordEnd < 0 ? run.str.length : wordEnd, link.url ?? '')
}

function nearest(text: string, part: string, to: number): number {
  let best = -1
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (best < 0 || Math.abs(at - to) < Math.abs(best - to)) best = at
  }
  return best
}

function trimmed(text: string, start: number, end: number, url: string): Span {
  const part = text.slice(start, end)
  const lead = part.length - part.trimStart().length
  return { start: start + lead, end: start + lead + part.trim().length, url }
}

function writeLink(text: string, { start, end, url }: Span): string {
  const label = text.slice(start, end)
  const link = markdownLink(label, url)
  return text.slice(0, start) + link + text.slice(end)
}
