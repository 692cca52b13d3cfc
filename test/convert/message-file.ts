import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js'

/** A number or a date stands in the list of properties, and all else in a stream of its own. */
type Property = [tag: string, value: string | Buffer | number | Date]

export interface OutlookMessage {
  properties: Property[]
  recipients?: Property[][]
  attachments?: Property[][]
}

const KINDS = { storage: 1, stream: 2, root: 5 }

/** An Outlook message: a compound file in which each property is a stream that its tag names. */
export function outlookFile({ properties, recipients = [], attachments = [] }: OutlookMessage): Uint8Array {
  const entries: Entry[] = [{ name: 'Root Entry', type: KINDS.root, length: 0, children: [] }]
  const add = (parent: number, entry: Entry) => {
    entries.push(entry)
    entries[parent]?.children?.push(entries.length - 1)
    return entries.length - 1
  }
  const addStream = (parent: number, name: string, bytes: Buffer) =>
    add(parent, {
      name,
      type: KINDS.stream,
      length: bytes.length, // A copy, since a small Buffer is a part of a larger one, which would be written as well.
      binaryProvider: () => new Uint8Array(bytes),
    })
  const addAll = (parent: number, list: Property[], headerBytes: number) => {
    const fixed = list.map(fixedProperty)
    addStream(parent, '__properties_version1.0', Buffer.concat([Buffer.alloc(headerBytes), ...fixed]))
    for (const [tag, value] of list) {
      if (typeof value === 'number' || value instanceof Date) continue
      const bytes = typeof value === 'string' ? Buffer.from(value, 'utf16le') : value
      addStream(parent, `__substg1.0_${tag}`, bytes)
    }
  }
  addAll(0, properties, 32)
  for (const [prefix, children] of [
    ['__recip_version1.0_#', recipients],
    ['__attach_version1.0_#', attachments],
  ] as const) {
    children.forEach((list, index) => {
      const name = prefix + index.toString(16).toUpperCase().padStart(8, '0')
      addAll(add(0, { name, type: KINDS.storage, length: 0, children: [] }), list, 8)
    })
  }
  return burn(entries)
}

const FILETIME_EPOCH_MS = Date.UTC(1601, 0, 1)

/** The tag, flags that say it may be read, and eight bytes (MS-OXMSG 2.4.2.1); nothing for what has a stream. */
function fixedProperty([tag, value]: Property): Buffer {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return Buffer.alloc(0)
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(Number.parseInt(tag, 16), 0)
  bytes.writeUInt32LE(2, 4)
  const stored = typeof value === 'number' ? value : (value.getTime() - FILETIME_EPOCH_MS) * 10_000
  bytes.writeBigUInt64LE(BigInt(stored), 8)
  return bytes
}

/** The same file in sectors of 4096 bytes, as long as its streams are small and fit into one of them (MS-CFB 2.2). */
export function withLargeSectors(file: Uint8Array): Buffer {
  const small = Buffer.from(file)
  const chain = (offset: number) => chainOf(small, small.readInt32LE(offset))
  const directory = chain(48)
  const root = chainOf(small, directory.readInt32LE(116))
  directory.writeInt32LE(3, 116)
  const header = Buffer.from(small.subarray(0, 512))
  header.writeUInt16LE(4, 26)
  header.writeUInt16LE(12, 30)
  // One sector each: the table of sectors, the directory, the table of small sectors, and those.
  for (const [offset, sector] of [
    [40, 1],
    [44, 1],
    [48, 1],
    [60, 2],
    [64, 1],
    [76, 0],
  ] as const)
    header.writeInt32LE(sector, offset)
  const table = Buffer.from(Int32Array.of(-3, -2, -2, -2).buffer)
  const padded = (bytes: Buffer, filler = 0) =>
    Buffer.concat([bytes, Buffer.alloc(4096 - bytes.length, filler)])
  return Buffer.concat([
    padded(header),
    padded(table, 0xff),
    padded(directory),
    padded(chain(60), 0xff),
    padded(root),
  ])
}

function chainOf(file: Buffer, start: number): Buffer {
  const parts: Buffer[] = []
  // The sectors of small files all are in the first sector of their table.
  const table = (file.readInt32LE(76) + 1) * 512
  for (let at = start; at >= 0; at = file.readInt32LE(table + at * 4)) {
    parts.push(file.subarray((at + 1) * 512, (at + 2) * 512))
  }
  return Buffer.concat(parts)
}
