import { open, stat } from 'node:fs/promises'
import { readZipDirectory, readZipEntry } from './zip.js'

/**
 * mammoth knows headings by the styles Word ships. Styles of the author's own are headings as well when they, or the
 * style they are based on, have an outline level; for those this gives mammoth's style map.
 */
export async function headingStyles(path: string): Promise<string[]> {
  const xml = await readStyles(path)
  const styles = new Map(parseStyles(xml).map((style) => [style.id, style]))
  return [...styles.values()].flatMap((style) => {
    const level = outlineLevel(style, styles)
    if (level === undefined) return []
    return `p[style-name='${escapeStyleName(style.name)}'] => h${Math.min(level, DEEPEST) + 1}:fresh`
  })
}

interface ParagraphStyle {
  id: string
  name: string
  basedOn: string | undefined
  outlineLevel: number | undefined
}

// Counted from 0 as in the file; Markdown has six levels. 9 is Word's "body text".
const DEEPEST = 5
const BODY_TEXT = 9
const MAX_STYLES_BYTES = 16 * 1024 * 1024

async function readStyles(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const entries = await readZipDirectory(file, (await stat(path)).size)
    const entry = entries.find(({ name }) => /^word\/styles\d*\.xml$/.test(name))
    return entry ? (await readZipEntry(file, entry, MAX_STYLES_BYTES)).toString('utf8') : ''
  } finally {
    await file.close()
  }
}

function parseStyles(xml: string): ParagraphStyle[] {
  return [...xml.matchAll(/<w:style\s([^>]*)>(.*?)<\/w:style>/gs)].flatMap(
    ([, attributes = '', body = '']) => {
      const id = /w:styleId="([^"]*)"/.exec(attributes)?.[1]
      const name = value(body, 'name')
      if (!id || !name || !/w:type="paragraph"/.test(attributes)) return []
      const level = value(body, 'outlineLvl')
      return {
        id,
        name,
        basedOn: value(body, 'basedOn'),
        outlineLevel: level === undefined ? undefined : Number(level),
      }
    },
  )
}

function value(body: string, element: string): string | undefined {
  return new RegExp(`<w:${element}\\s[^>]*w:val="([^"]*)"`).exec(body)?.[1]
}

function outlineLevel(style: ParagraphStyle, styles: Map<string, ParagraphStyle>): number | undefined {
  const seen = new Set<ParagraphStyle>()
  let current: ParagraphStyle | undefined = style
  while (current && current.outlineLevel === undefined && !seen.has(current)) {
    seen.add(current)
    current = styles.get(current.basedOn ?? '')
  }
  const level = current?.outlineLevel
  return level === undefined || !(level >= 0 && level < BODY_TEXT) ? undefined : level
}

// The file has the name as XML, mammoth compares it as text and reads a backslash as an escape.
function escapeStyleName(name: string): string {
  const text = name.replace(
    /&(amp|lt|gt|quot|apos);/g,
    (_, entity: keyof typeof entities) => entities[entity],
  )
  return text.replace(/[\\']/g, '\\$&')
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
