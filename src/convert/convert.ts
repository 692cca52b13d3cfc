import type { ConvertContext, Converter, ConvertInput } from './convert-context.js'
import type { Format } from './formats.js'
import { identify } from './identify.js'

// Each format's file, and with it its engine, loads on the first document of that format.
const converters: Record<Format, () => Promise<Converter>> = {
  html: async () => (await import('./html.js')).convertHtml,
  docx: async () => (await import('./docx.js')).convertDocx,
  pdf: async () => (await import('./pdf.js')).convertPdf,
  pptx: async () => (await import('./pptx.js')).convertPptx,
  xlsx: async () => (await import('./xlsx.js')).convertXlsx,
  odt: async () => (await import('./odt.js')).convertOdt,
  ods: async () => (await import('./ods.js')).convertOds,
  odp: async () => (await import('./odp.js')).convertOdp,
}

/**
 * The document as Markdown, ending in exactly one newline; the same bytes give the same text on every run. Blocks the
 * event loop while an engine works, so run it in a child process.
 */
export async function convert(input: ConvertInput, context: ConvertContext = {}): Promise<string> {
  context.signal?.throwIfAborted()
  const format = await identify(input.path)
  const converter = await converters[format]()
  context.signal?.throwIfAborted()
  const markdown = await converter(input.path, context, input)
  return `${markdown.replaceAll('\r\n', '\n').trim()}\n`
}
