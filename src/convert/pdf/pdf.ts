import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { ConverterContext, DocumentMetadata } from '../convert-context.js'
import { ConvertError, damaged } from '../convert-error.js'
import type { FilledOptions } from '../convert-options.js'
import { loadEngine } from '../engine.js'
import { type Line, readLines } from './lines.js'
import { type LinkAnnotation, placeLinks } from './links.js'
import { writeMarkdown } from './markdown.js'

export async function convertPdf(
  path: string,
  context: ConverterContext,
  { pageBreaks }: FilledOptions,
): Promise<string> {
  const pdfjs = await loadEngine('unpdf', path, () => import('unpdf/pdfjs'))
  const data = new Uint8Array(await readFile(path))
  // Silent: pdf.js prints its warnings to stdout. No eval: the file is not trusted.
  const task = pdfjs.getDocument({ data, verbosity: 0, isEvalSupported: false, disableFontFace: true })
  try {
    const document = await task.promise
    context.metadata(await readMetadata(document))
    const pages = await readPages(document, context)
    if (pages.every((lines) => lines.length === 0)) throw withoutText(path)
    return writeMarkdown(pages, pageBreaks)
  } catch (error) {
    if (error instanceof ConvertError || context.signal?.aborted) throw error
    throw pdfError(path, error)
  } finally {
    await task.destroy()
  }
}

type PdfDocument = Awaited<ReturnType<typeof import('unpdf/pdfjs')['getDocument']>['promise']>

// What writers put where nobody gave a value.
const NO_VALUE = /^\s*(?:\(?(?:untitled|anonymous|unspecified)\)?)?\s*$/i

async function readMetadata(document: PdfDocument): Promise<DocumentMetadata> {
  const { info } = await document.getMetadata()
  const property = (name: 'Title' | 'Author') => {
    const value: unknown = Reflect.get(info, name)
    return typeof value === 'string' && !NO_VALUE.test(value) ? value.trim() : undefined
  }
  return { title: property('Title'), author: property('Author'), pages: document.numPages }
}

async function readPages(document: PdfDocument, context: ConverterContext): Promise<Line[][]> {
  const total = document.numPages
  const pages: Line[][] = []
  for (let number = 1; number <= total; number++) {
    // A whole turn of the event loop, so that an abort sent from outside is heard.
    await setImmediate()
    context.signal?.throwIfAborted()
    pages.push(await readPage(document, number))
    context.progress?.({ current: number, total, message: `page ${number} of ${total}` })
  }
  return pages
}

async function readPage(document: PdfDocument, number: number): Promise<Line[]> {
  const page = await document.getPage(number)
  const { items } = await page.getTextContent()
  const runs = items.flatMap((item) => ('str' in item ? item : []))
  const annotations: LinkAnnotation[] = await page.getAnnotations()
  const lines = readLines(placeLinks(runs, annotations), page.view[3] ?? 0)
  page.cleanup()
  return lines
}

function pdfError(path: string, cause: unknown): ConvertError {
  if (cause instanceof Error && cause.name === 'PasswordException') {
    const message = `${path}: the PDF is encrypted and opens only with a password; save it without one`
    return new ConvertError('FILE_ENCRYPTED', message, { cause })
  }
  return damaged(path, 'PDF', cause)
}

function withoutText(path: string): ConvertError {
  const message = `${path}: the PDF holds no text, its pages may be scanned images; run text recognition (OCR) on it first`
  return new ConvertError('FORMAT_UNSUPPORTED', message)
}
