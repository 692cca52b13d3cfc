import type { FileHandle } from 'node:fs/promises'
import { readZipDirectory, readZipEntry } from '../../src/convert/zip/zip.js'
import { randomNumbers } from '../convert/random-numbers.js'
import { type ZipFileEntry, zipFile } from '../convert/zip-file.js'

/** A document that is whole. */
export interface Intact {
  name: string
  content: Buffer
}

/** One way to damage it, the same for the same seed. */
export interface Variant {
  /** Such as `cut 3`. */
  name: string
  make(): Promise<Buffer>
}

/**
 * Cut off at `count` places; `count` times with bytes changed at random, and with its numbers changed. Of an archive that is
 * done to the parts as well, since a change to packed bytes mostly ends at their checksum.
 */
export function variantsOf({ name, content }: Intact, seed: number, count: number): Variant[] {
  const numbers = Array.from({ length: count }, (_, index) => index)
  const isArchive = content.toString('latin1', 0, 4) === 'PK\x03\x04'
  const random = (kind: string, index: number) => randomNumbers(seedOf(`${seed} ${name} ${kind} ${index}`))
  const changed = (kind: string, change: Change, inParts = false): Variant[] =>
    numbers.map((index) => ({
      name: `${kind} ${index}`,
      make: async () => {
        const numbers = random(kind, index)
        return inParts ? changeParts(content, change, numbers) : change(content, numbers)
      },
    }))
  return [
    ...numbers.map((index) => ({
      name: `cut ${index}`,
      make: async () => content.subarray(0, Math.floor((content.length * (index + 0.5)) / count)),
    })),
    ...changed('flip', flipBytes),
    ...(isArchive ? changed('flip in parts', flipBytes, true) : []),
    ...changed('numbers', changeNumbers, isArchive),
  ]
}

type Random = () => number
type Change = (content: Buffer, random: Random) => Buffer

function flipBytes(content: Buffer, random: Random): Buffer {
  const copy = Buffer.from(content)
  for (let flips = 1 + Math.floor(random() * 50); flips > 0; flips--)
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256)
  return copy
}

const extremes = ['0', '-1', '63', '99999', '1048576', '2147483648', '4294967295', '1e99', '']

/** Numbers are what documents declare sizes, repetitions and depths with. */
function changeNumbers(content: Buffer, random: Random): Buffer {
  const share = random() < 0.5 ? 0.5 : 0.02
  const text = content
    .toString('latin1')
    .replace(/\d+/g, (number) =>
      random() < share ? (extremes[Math.floor(random() * extremes.length)] ?? '') : number,
    )
  return Buffer.from(text, 'latin1')
}

async function changeParts(archive: Buffer, change: Change, random: Random): Promise<Buffer> {
  const parts = await unpack(archive)
  const texts = parts.filter(({ name }) => /\.(?:xml|rels|xhtml|html|opf|csv|eml)$/.test(name))
  for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
    const part = texts[Math.floor(random() * texts.length)]
    if (part) part.content = change(part.content, random)
  }
  return zipFile(parts)
}

async function unpack(archive: Buffer): Promise<(ZipFileEntry & { content: Buffer })[]> {
  const file = inMemory(archive)
  const entries = await readZipDirectory(file, archive.length)
  return Promise.all(
    entries.map(async (entry) => ({
      name: entry.name,
      packed: true,
      content: await readZipEntry(file, entry, entry.unpackedSize + 1),
    })),
  )
}

/** What the reader of archives uses of a file. */
function inMemory(content: Buffer): FileHandle {
  const read = async (buffer: Buffer, offset: number, length: number, position: number) => ({
    buffer,
    bytesRead: content.copy(buffer, offset, position, position + length),
  })
  return { read } as unknown as FileHandle
}

function seedOf(text: string): number {
  let seed = 0
  for (const character of text) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) >>> 0
  return seed
}
