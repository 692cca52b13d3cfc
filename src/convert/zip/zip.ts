import type { FileHandle } from 'node:fs/promises'
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib'

export interface ZipEntry {
  name: string
  encrypted: boolean
  method: number
  checksum: number
  packedSize: number
  unpackedSize: number
  offset: number
}

/** Thrown for an archive whose directory is missing or points outside the file; callers add the file's name. */
export class ZipDamaged extends Error {
  override readonly name = 'ZipDamaged'
}

/** The central directory alone: names and declared sizes, with nothing unpacked. */
export async function readZipDirectory(file: FileHandle, size: number): Promise<ZipEntry[]> {
  const end = await findEnd(file, size)
  if (end.offset + end.length > size) throw new ZipDamaged('the central directory lies outside the file')
  if (end.length > LARGEST_DIRECTORY) throw new ZipDamaged('the central directory is too large')
  const directory = await readAt(file, end.offset, end.length)
  const entries: ZipEntry[] = []
  let position = 0
  // The number of entries that is told has 16 bits, and begins again at 0 or stays at its highest.
  while (isEntry(directory, position)) {
    const entry = parseEntry(directory, position)
    if (entry.offset + entry.packedSize > size) throw new ZipDamaged(`${entry.name} lies outside the file`)
    entries.push(entry)
    position += entryLength(directory, position)
  }
  if (entries.length < end.count) throw new ZipDamaged('the central directory is cut short')
  return entries
}

/** One entry unpacked, for the few small parts that are read without an engine. */
export async function readZipEntry(file: FileHandle, entry: ZipEntry, maxBytes: number): Promise<Buffer> {
  const packed = await readPacked(file, entry)
  return entry.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: maxBytes })
}

/** One entry piece by piece, for parts too large to be held as a whole; one that is not as declared is damage. */
export async function* streamZipEntry(file: FileHandle, entry: ZipEntry): AsyncGenerator<Buffer> {
  const packed = await readPacked(file, entry)
  let size = 0
  let checksum = 0
  for await (const chunk of entry.method === 0 ? [packed] : inflate(packed)) {
    size += chunk.length
    checksum = crc32(chunk, checksum)
    if (size > entry.unpackedSize) throw new ZipDamaged(`${entry.name} is larger than the directory says`)
    yield chunk
  }
  if (checksum !== entry.checksum) throw new ZipDamaged(`${entry.name} has been altered`)
}

function inflate(packed: Buffer): AsyncIterable<Buffer> {
  const stream = createInflateRaw({ chunkSize: 64 * 1024 })
  stream.end(packed)
  return stream
}

const END_RECORD = 22
const LONGEST_COMMENT = 0xffff
const DIRECTORY_ENTRY = 46
const LOCAL_HEADER = 30
/** What 100,000 entries with names of 100 letters take, in bytes; it is read in the caller's own process. */
const LARGEST_DIRECTORY = 16 * 1024 * 1024

async function findEnd(file: FileHandle, size: number) {
  const tailStart = Math.max(0, size - END_RECORD - LONGEST_COMMENT)
  const tail = await readAt(file, tailStart, size - tailStart)
  const at = tail.lastIndexOf('PK\x05\x06', tail.length - END_RECORD, 'latin1')
  if (at < 0) throw new ZipDamaged('the end of the archive is missing')
  return {
    count: tail.readUInt16LE(at + 10),
    length: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  }
}

function isEntry(directory: Buffer, at: number): boolean {
  return at + DIRECTORY_ENTRY <= directory.length && directory.readUInt32LE(at) === 0x02014b50
}

function parseEntry(directory: Buffer, at: number): ZipEntry {
  const nameLength = directory.readUInt16LE(at + 28)
  return {
    name: directory.toString('utf8', at + DIRECTORY_ENTRY, at + DIRECTORY_ENTRY + nameLength),
    encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
    method: directory.readUInt16LE(at + 10),
    checksum: directory.readUInt32LE(at + 16),
    packedSize: directory.readUInt32LE(at + 20),
    unpackedSize: directory.readUInt32LE(at + 24),
    offset: directory.readUInt32LE(at + 42),
  }
}

function entryLength(directory: Buffer, at: number): number {
  // Those of the name, of extra fields and of a comment.
  const lengths = [28, 30, 32].map((field) => directory.readUInt16LE(at + field))
  return lengths.reduce((sum, length) => sum + length, DIRECTORY_ENTRY)
}

async function readPacked(file: FileHandle, entry: ZipEntry): Promise<Buffer> {
  const header = await readAt(file, entry.offset, LOCAL_HEADER)
  if (header.length < LOCAL_HEADER) throw new ZipDamaged(`${entry.name} is cut short`)
  const start = entry.offset + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28)
  return readAt(file, start, entry.packedSize)
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
