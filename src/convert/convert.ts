import type {
  ConvertContext,
  Converter,
  ConvertInput,
  ConvertResult,
  DocumentMetadata,
  InnerFile,
} from './convert-context.js'
import { type FilledOptions, fillOptions, refuseTooManyPages } from './convert-options.js'
import type { Format } from './formats.js'
import { identify } from './identify/identify.js'
import { tidyImages } from './images.js'
import { type Budget, convertInnerFile, fullBudget } from './inner-files.js'
import { sanitize } from './sanitize.js'

// Each format's file, and with it its engine, loads on the first document of that format.
const converters: Record<Format, () => Promise<Converter>> = {
  html: async () => (await import('./html/html.js')).convertHtml,
  docx: async () => (await import('./ooxml/docx.js')).convertDocx,
  pdf: async () => (await import('./pdf/pdf.js')).convertPdf,
  epub: async () => (await import('./epub/epub.js')).convertEpub,
  rtf: async () => (await import('./rtf/rtf.js')).convertRtf,
  csv: async () => (await import('./text/csv.js')).convertCsv,
  tsv: async () => (await import('./text/csv.js')).convertTsv,
  json: async () => (await import('./text/json.js')).convertJson,
  jsonl: async () => (await import('./text/json.js')).convertJsonLines,
  yaml: async () => (await import('./text/text.js')).convertYaml,
  xml: async () => (await import('./text/text.js')).convertXml,
  feed: async () => (await import('./text/feed.js')).convertFeed,
  ipynb: async () => (await import('./text/ipynb.js')).convertNotebook,
  eml: async () => (await import('./mail/eml.js')).convertEml,
  msg: async () => (await import('./mail/msg.js')).convertMsg,
  markdown: async () => (await import('./text/markdown.js')).convertMarkdown,
  text: async () => (await import('./text/text.js')).convertText,
  zip: async () => (await import('./zip/archive-files.js')).convertZip,
  pptx: async () => (await import('./ooxml/pptx.js')).convertPptx,
  xlsx: async () => (await import('./ooxml/xlsx.js')).convertXlsx,
  odt: async () => (await import('./odf/odt.js')).convertOdt,
  ods: async () => (await import('./odf/ods.js')).convertOds,
  odp: async () => (await import('./odf/odp.js')).convertOdp,
}

/**
 * The document as Markdown; the same bytes give the same text on every run. Blocks the event loop while an engine
 * works, so run it in a child process.
 * @throws ConvertError for whatever cannot be converted; the reason of `context.signal`, once that has aborted.
 */
export async function convert(input: ConvertInput, context: ConvertContext = {}): Promise<ConvertResult> {
  context.signal?.throwIfAborted()
  const options = fillOptions(input)
  const converted = await convertFile(input.path, { context, options, budget: fullBudget(options) })
  const tidy = tidyImages(converted.markdown, options.remoteImages)
  const clean = (text: string) => (options.sanitize ? sanitize(text) : { text, removed: 0 })
  const { text, removed } = clean(tidy)
  return {
    markdown: `${text.trim()}\n`,
    format: converted.format,
    metadata: tidyMetadata(converted.metadata, (told) => clean(told).text),
    hiddenCharacters: removed,
  }
}

/** Only what is known: a result without undefined values can be kept as plain JSON. */
function tidyMetadata(
  { title, author, pages }: DocumentMetadata,
  clean: (text: string) => string,
): DocumentMetadata {
  const line = (told = '') => clean(told).replace(/\s+/g, ' ').trim() || undefined
  const known = Object.entries({ title: line(title), author: line(author), pages })
  return Object.fromEntries(known.filter(([, value]) => value !== undefined))
}

interface Job {
  context: ConvertContext
  options: FilledOptions
  budget: Budget
}

async function convertFile(path: string, job: Job, depth = 0) {
  const { context, options } = job
  const format = await identify(path, options)
  const converter = await converters[format]()
  context.signal?.throwIfAborted()
  let metadata: DocumentMetadata = {}
  const tell = (found: DocumentMetadata) => {
    refuseTooManyPages(path, found.pages ?? 0, options)
    metadata = found
  }
  const convertInner = (file: InnerFile) => convertInside(file, job, depth)
  const markdown = await converter(path, { ...context, metadata: tell, convertInner }, options)
  return { format, metadata, markdown: markdown.replace(/\r\n?|[\v\f\u0085]/g, '\n') }
}

async function convertInside(file: InnerFile, { context, options, budget }: Job, depth: number) {
  context.signal?.throwIfAborted()
  return convertInnerFile(file, budget, depth, async (path) => {
    // A limit is 1 at least. With nothing left, what is inside the file is refused by the budget itself.
    const [maxUnpackedBytes, maxArchiveEntries] = [Math.max(1, budget.bytes), Math.max(1, budget.entries)]
    const left = { ...options, maxUnpackedBytes, maxArchiveEntries }
    // Progress is told in files of the outermost document.
    const job = { context: { signal: context.signal }, options: left, budget }
    return (await convertFile(path, job, depth + 1)).markdown
  })
}
