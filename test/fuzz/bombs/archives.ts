import { constants, crc32, deflateRawSync } from 'node:zlib'
import { type ZipFileEntry, zipFile } from '../../convert/zip-file.js'
import type { Bomb, Made, Many } from './bomb.js'

const MEGABYTE = 2 ** 20

/** An entry of so many megabytes of spaces, which are never held: the packed form of one is repeated. */
function spaces(name: string, megabytes: number, more: Partial<ZipFileEntry> = {}): ZipFileEntry {
  const piece = Buffer.alloc(MEGABYTE, ' ')
  const packed = deflateRawSync(piece, { level: 9, finishFlush: constants.Z_FULL_FLUSH })
  let checksum = 0
  for (let index = 0; index < megabytes; index++) checksum = crc32(piece, checksum)
  const bytes = Buffer.concat([...Array.from({ length: megabytes }, () => packed), Buffer.from([3, 0])])
  return { name, deflated: { bytes, size: megabytes * MEGABYTE, checksum }, ...more }
}

// The part that is unpacked first of each kind of archive, beside those that make it one.
const mainParts: Record<string, (entry: (name: string) => ZipFileEntry) => ZipFileEntry[]> = {
  docx: (entry) => [entry('word/document.xml')],
  pptx: (entry) => [entry('ppt/presentation.xml')],
  xlsx: (entry) => [entry('xl/workbook.xml')],
  epub: (entry) => [entry('META-INF/container.xml')],
  zip: (entry) => [entry('a.txt')],
  odt: (entry) => [
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' },
    entry('content.xml'),
  ],
}

export function archiveBombs(many: Many): Made {
  const each = Object.entries(mainParts).flatMap(([extension, parts]): [string, Bomb['make']][] => [
    [`1 GB.${extension}`, () => zipFile(parts((name) => spaces(name, many(1024))))],
    [
      `1 GB that says it is 1 kB.${extension}`,
      () => zipFile(parts((name) => spaces(name, many(1024), { declaredSize: 1000 }))),
    ],
    [
      `400 MB, below the limits.${extension}`,
      // Bytes that cannot be packed keep the ratio below what bombs have.
      () =>
        zipFile([
          ...parts((name) => spaces(name, many(400))),
          { name: 'noise', content: noise(many(4 * MEGABYTE)) },
        ]),
    ],
  ])
  const files = (count: number, extension: string) =>
    Array.from({ length: count }, (_, index) => ({ name: `${index}.${extension}`, content: 'rain' }))
  return {
    ...Object.fromEntries(each),
    // Their number is what they are about.
    '100,000 entries.zip': () => zipFile(files(100_000, 'txt')),
    '65,636 entries.zip': () => zipFile(files(65_636, 'txt')),
    '100,000 entries.docx': () =>
      zipFile([...files(100_000, 'xml'), { name: 'word/document.xml', content: '<w/>' }]),
    '5,000 entries.zip': () => zipFile(files(many(5_000), 'md')),
    'zips in zips, 100 deep.zip': () => nest(100, 1),
    'zips in zips, 16 wide.zip': () => nest(6, many(16)),
    'zips in zips, 32 wide.zip': () => nest(3, many(32)),
    'a long type.odt': () =>
      zipFile([
        { name: 'mimetype', content: Buffer.alloc(many(100) * MEGABYTE, ' ') },
        { name: 'content.xml', content: '<x/>' },
      ]),
  }
}

function nest(levels: number, copies: number): Buffer {
  let inner = zipFile([spaces('a.txt', 1)])
  for (let level = 0; level < levels; level++) {
    const content = inner
    inner = zipFile(
      Array.from({ length: copies }, (_, index) => ({ name: `${index}.zip`, content, packed: true })),
    )
  }
  return inner
}

function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0, state = 1; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}
