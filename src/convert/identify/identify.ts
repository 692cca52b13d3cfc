import { type FileHandle, open, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { ConvertError } from '../convert-error.js'
import {
  type ConvertOptions,
  type FilledOptions,
  fillOptions,
  overLimit,
  readableSize,
} from '../convert-options.js'
import { type Format, formats } from '../formats.js'
import { decodeText, looksLikeText } from '../text/encoding.js'
import { identifyArchive } from './archive.js'
import { isOutlookMessage } from './message.js'
import { identifyText } from './text.js'

/**
 * Decides by content first and by extension second which format a file has, reading its ends only and loading no
 * engine.
 * @throws ConvertError for whatever cannot be converted, as far as that is seen without converting it.
 */
export async function identify(path: string, options: ConvertOptions = {}): Promise<Format> {
  const limits = fillOptions(options)
  const size = await sizeOf(path, limits)
  const file = await openFile(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return await identifyContent({ path, size, file, limits, head: buffer.subarray(0, bytesRead) })
  } finally {
    await file.close()
  }
}

interface Candidate {
  path: string
  size: number
  file: FileHandle
  limits: FilledOptions
  head: Buffer
}

const HEAD_BYTES = 16 * 1024

async function sizeOf(path: string, { maxFileBytes }: FilledOptions): Promise<number> {
  // Before opening: open() on a named pipe would wait for a writer.
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw new ConvertError('FILE_NOT_FOUND', `${path}: no such file; check the path`, { cause: error })
    }
    throw unreadable(path, error)
  })
  if (stats.isDirectory()) throw new ConvertError('NOT_A_FILE', `${path}: is a folder; name the files in it`)
  if (!stats.isFile()) throw new ConvertError('NOT_A_FILE', `${path}: is not a regular file; name a document`)
  if (stats.size === 0) throw new ConvertError('FILE_EMPTY', `${path}: is empty; there is nothing to convert`)
  if (stats.size > maxFileBytes) {
    throw overLimit(path, `is ${readableSize(stats.size)}`, 'maxFileBytes', maxFileBytes)
  }
  return stats.size
}

async function openFile(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((error: Error) => {
    throw unreadable(path, error)
  })
}

function unreadable(path: string, cause: Error): ConvertError {
  const message = `${path}: cannot be read (${cause.message}); check its permissions`
  return new ConvertError('FILE_UNREADABLE', message, { cause })
}

async function identifyContent(candidate: Candidate): Promise<Format> {
  const { path, head, file, size, limits } = candidate
  const extension = extname(path).toLowerCase()
  const start = head.toString('latin1', 0, 1024)
  // The second is an archive with nothing in it.
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06'))
    return identifyArchive(path, file, size, limits)
  if (start.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) {
    if (await isOutlookMessage(file, head, extension)) return 'msg'
    throw compoundFile(path, extension)
  }
  // Junk before the header is common enough that every reader allows it, but then the name has to agree.
  if (start.startsWith('%PDF-') || (extension === '.pdf' && start.includes('%PDF-')))
    return identifyPdf(candidate)
  if (/^\s*\{\\rtf/.test(start)) return 'rtf'
  const text = looksLikeText(head) ? decodeText(head) : undefined
  const named = formats.find((format) => (format.extensions as readonly string[]).includes(extension))
  const format = text === undefined ? undefined : identifyText(text, extension, named?.name)
  if (format) return format
  if (named) throw contradicted(path, named.name, text !== undefined)
  throw unsupported(path, extension)
}

const PDF_TAIL_BYTES = 2048

async function identifyPdf({ path, file, size }: Candidate): Promise<Format> {
  const start = Math.max(0, size - PDF_TAIL_BYTES)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
  const tail = buffer.toString('latin1', 0, bytesRead)
  // pdf.js rebuilds a truncated file from what is left, and would pass off half a document as the whole.
  if (tail.includes('%%EOF') || tail.includes('startxref')) return 'pdf'
  throw new ConvertError(
    'FILE_CORRUPT',
    `${path}: the PDF is truncated (its end is missing); get an intact copy`,
  )
}

function compoundFile(path: string, extension: string): ConvertError {
  if (/^\.(doc|xls|ppt|pps)[xm]$/.test(extension)) {
    const message = `${path}: is encrypted, or an old Office file renamed; remove its password or save it as ${extension} again`
    return new ConvertError('FILE_ENCRYPTED', message)
  }
  const newer = { '.xls': '.xlsx', '.ppt': '.pptx' }[extension] ?? '.docx'
  const message = `${path}: is an old Office file (.doc, .xls, .ppt); save it as ${newer} first`
  return new ConvertError('FORMAT_UNSUPPORTED', message)
}

function contradicted(path: string, format: Format, isText: boolean): ConvertError {
  const found = isText ? 'other text' : 'other bytes'
  const message = `${path}: is named like ${format.toUpperCase()}, but its content is ${found}; check that it is the right file`
  return new ConvertError('FILE_CORRUPT', message)
}

function unsupported(path: string, extension: string): ConvertError {
  const known = formats.flatMap((format) => format.extensions).join(', ')
  const what = extension ? `the format ${extension} is not supported` : 'its format is not recognised'
  return new ConvertError('FORMAT_UNSUPPORTED', `${path}: ${what}; supported are ${known}`)
}
