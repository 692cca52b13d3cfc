import type { FileHandle } from 'node:fs/promises'
import { extname } from 'node:path'
import { ConvertError } from '../convert-error.js'
import { type FilledOptions, overLimit, readableSize } from '../convert-options.js'
import { type Format, formats } from '../formats.js'
import { readZipDirectory, readZipEntry, ZipDamaged, type ZipEntry } from '../zip/zip.js'

/** Office documents are ZIP archives: what they are, and whether they are safe to unpack, stands in their directory. */
export async function identifyArchive(
  path: string,
  file: FileHandle,
  size: number,
  limits: FilledOptions,
): Promise<Format> {
  const entries = await readZipDirectory(file, size).catch((cause: unknown) => {
    if (!(cause instanceof ZipDamaged)) throw cause
    const message = `${path}: the file is truncated or damaged (${cause.message}); get an intact copy`
    throw new ConvertError('FILE_CORRUPT', message, { cause })
  })
  refuseBomb(path, entries, size, limits)
  if (entries.some((entry) => entry.encrypted)) {
    throw new ConvertError('FILE_ENCRYPTED', `${path}: is encrypted; save it without a password`)
  }
  const known = knownParts.find(({ part }) => entries.some(({ name }) => part.test(name)))
  if (known) return known.format
  const openDocument = await identifyOpenDocument(path, file, entries)
  if (openDocument) return openDocument
  if (isPlainArchive(path, entries)) return 'zip'
  throw notSupported(path, entries)
}

// Real documents pack 10 to 50 times, sparse ones 100; bombs come near deflate's own limit of 1032.
const MAX_RATIO = 200
// Below this a ratio says nothing: a document of repeated lines is small either way.
const RATIO_COUNTS_FROM_BYTES = 32 * 1024 * 1024

function refuseBomb(path: string, entries: ZipEntry[], size: number, limits: FilledOptions): void {
  const { maxUnpackedBytes, maxArchiveEntries } = limits
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpackedSize, 0)
  if (unpacked > maxUnpackedBytes) {
    throw overLimit(path, `unpacks to ${readableSize(unpacked)}`, 'maxUnpackedBytes', maxUnpackedBytes)
  }
  if (unpacked > RATIO_COUNTS_FROM_BYTES && unpacked > size * MAX_RATIO) {
    const message = `${path}: unpacks to ${Math.round(unpacked / size)} times its size, over the limit of ${MAX_RATIO}; it may be a zip bomb, check where it comes from`
    throw new ConvertError('FILE_TOO_LARGE', message)
  }
  if (entries.length > maxArchiveEntries) {
    throw overLimit(path, `holds ${entries.length} files`, 'maxArchiveEntries', maxArchiveEntries)
  }
}

// What an archive is by a part that it holds.
const knownParts: { part: RegExp; format: Format }[] = [
  // Word in the browser writes document2.xml, and so on.
  { part: /^word\/document\d*\.xml$/, format: 'docx' },
  { part: /^ppt\/presentation\d*\.xml$/, format: 'pptx' },
  { part: /^xl\/workbook\d*\.xml$/, format: 'xlsx' },
  { part: /^META-INF\/container\.xml$/, format: 'epub' },
]

const openDocuments: Record<string, Format> = { text: 'odt', spreadsheet: 'ods', presentation: 'odp' }
const LONGEST_MEDIA_TYPE = 256

// OpenDocument files name their kind in an entry of its own, which some writers leave out, and which may be damaged.
async function identifyOpenDocument(
  path: string,
  file: FileHandle,
  entries: ZipEntry[],
): Promise<Format | undefined> {
  if (!entries.some(({ name }) => name === 'content.xml')) return undefined
  const entry = entries.find(({ name }) => name === 'mimetype')
  const named = Object.values(openDocuments).find((format) => format === extname(path).slice(1).toLowerCase())
  // This is asked in the caller's own process, which is to hold no more than the name of a type.
  if (!entry || entry.packedSize > LONGEST_MEDIA_TYPE) return named
  const type = await readZipEntry(file, entry, LONGEST_MEDIA_TYPE).catch(() => undefined)
  if (!type) return named
  const [, kind = ''] = /opendocument\.([a-z]+)(?:-template)?\s*$/.exec(type.toString('latin1')) ?? []
  return openDocuments[kind]
}

const otherArchives = [
  { entry: /^xl\/workbook\.bin$/, name: 'an Excel workbook in binary form (.xlsb)' },
  { entry: /^content\.xml$/, name: 'an OpenDocument file of another kind' },
  { entry: /^Index\/Document\.iwa$/, name: 'a document of Pages, Numbers or Keynote' },
]

// An archive that is named like a document has lost the part that would make it one.
function isPlainArchive(path: string, entries: ZipEntry[]): boolean {
  const extension = extname(path).toLowerCase()
  const named = formats.find((format) => (format.extensions as readonly string[]).includes(extension))
  if (named && named.name !== 'zip') return false
  return !otherArchives.some(({ entry }) => entries.some(({ name }) => entry.test(name)))
}

function notSupported(path: string, entries: ZipEntry[]): ConvertError {
  const other = otherArchives.find(({ entry }) => entries.some(({ name }) => entry.test(name)))
  const known = formats.flatMap((format) => format.extensions).join(', ')
  const what = other ? `is ${other.name}` : 'is a ZIP archive without a document of its own'
  return new ConvertError('FORMAT_UNSUPPORTED', `${path}: ${what}; supported are ${known}`)
}
