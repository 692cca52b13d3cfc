import { loadEngine } from './engine.js'

/** What stands at the top of a written file. What is undefined is left out. */
export interface FrontMatter {
  /** As in `DocumentMetadata`. */
  title?: string | undefined
  /** As in `DocumentMetadata`. */
  author?: string | undefined
  /** As in `DocumentMetadata`. */
  pages?: number | undefined
  /** Of the document, before it was Markdown. */
  format: string
  /** Where the document came from, as the reader is to see it. */
  source: string
  /** Written as ISO 8601, in UTC. */
  converted_at: Date
}

/**
 * The Markdown with YAML front matter before it. Front matter that it has already, as Markdown files may, is kept:
 * its values come first and ours are added to them; beyond 16,384 characters it is taken for text.
 * @throws ConvertError `ENGINE_MISSING` where that needs the package `yaml`, for a value with special characters or such front matter, and it is not installed.
 */
export async function withFrontMatter(markdown: string, own: FrontMatter): Promise<string> {
  const { title, author, pages, format, source, converted_at } = own
  const ours = { title, author, pages, format, source, converted_at: converted_at.toISOString() }
  const plain = markdown.startsWith('---') ? undefined : plainYaml(ours)
  if (plain !== undefined) return `---\n${plain}---\n\n${markdown}`
  const yaml = await loadEngine('yaml', source, () => import('yaml'))
  const { values, body } = splitFrontMatter(yaml, markdown)
  const told = Object.entries({ ...ours, ...values }).filter(([, value]) => value !== undefined)
  return `---\n${yaml.stringify(Object.fromEntries(told), { lineWidth: 0 })}---\n\n${body}`
}

/**
 * What `yaml` would write of values that need no quotes, as most do: to load it takes as long as to convert a small document.
 * @returns Undefined where it is needed.
 */
function plainYaml(values: Values): string | undefined {
  const told = Object.entries(values).filter(([, value]) => value !== undefined)
  if (!told.every(([, value]) => typeof value === 'number' || isPlain(String(value)))) return undefined
  return told.map(([name, value]) => `${name}: ${value}\n`).join('')
}

/** Words, or a time. Some words mean something else in YAML. */
function isPlain(text: string): boolean {
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return true
  return (
    /^\p{L}[\p{L}\p{N} ._()-]*(?<! )$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|[yn])$/i.test(text)
  )
}

/** The values at the top of a Markdown file, and what comes after them. */
export function splitFrontMatter(yaml: Yaml, markdown: string): { values: Values; body: string } {
  const [block, source = ''] = /^---\n([\s\S]*?)\n(?:---|\.\.\.)\s*\n/.exec(`${markdown}\n`) ?? []
  const values = block !== undefined && isModest(source) ? parseValues(yaml, source) : undefined
  if (block === undefined || !values) return { values: {}, body: markdown }
  return { values, body: markdown.slice(block.length).replace(/^\n+/, '') }
}

const LONGEST = 16 * 1024
const MOST_BRACKETS = 500
const MOST_IN_LINE = 100

/**
 * Whether it is such as people write. It is parsed in the caller's own process, which anything longer would keep busy, and
 * anything nested deeper would end: V8 gives up where the stack is full and a pattern is to be compiled.
 */
function isModest(source: string): boolean {
  if (source.length > LONGEST || (source.match(/[[{]/g)?.length ?? 0) > MOST_BRACKETS) return false
  return source.split('\n').every((line) => (line.match(/[-?:](?=\s)/g)?.length ?? 0) <= MOST_IN_LINE)
}

type Yaml = typeof import('yaml')
type Values = Record<string, unknown>

function parseValues(yaml: Yaml, source: string): Values | undefined {
  try {
    const values: unknown = yaml.parse(source, { logLevel: 'error' })
    const isMap = typeof values === 'object' && values !== null && !Array.isArray(values)
    return isMap ? (values as Values) : undefined
  } catch {
    // Then it is text between two rules.
    return undefined
  }
}
