import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipFileEntry {
  name: string
  /** A string is written as UTF-8. */
  content?: string | Buffer
  /** What the directory claims the entry unpacks to. */
  declaredSize?: number
  encrypted?: boolean
  /** Deflated instead of stored. */
  packed?: boolean
  /** Deflated already; the size and the checksum are those of what it unpacks to. */
  deflated?: { bytes: Buffer; size: number; checksum: number }
}

/** A ZIP archive, written by hand so that its directory can lie. */
export function zipFile(entries: ZipFileEntry[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '')
    const name = Buffer.from(entry.name)
    const packed = entry.deflated?.bytes ?? (entry.packed ? deflateRawSync(content) : content)
    const fields = commonFields(entry, content, packed.length, name)
    const file = Buffer.concat([signature(0x04034b50), fields, name, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([signature(0x02014b50), Buffer.from([20, 0]), fields, tail, name]))
    files.push(file)
    offset += file.length
  }
  const listing = Buffer.concat(directory)
  return Buffer.concat([...files, listing, endRecord(entries.length, listing.length, offset)])
}

/** A Word document with these parts, besides the ones no document goes without. */
export function wordFile(body: string, parts: ZipFileEntry[] = []): Buffer {
  const open = '<?xml version="1.0" encoding="UTF-8"?>'
  const word = Object.entries({
    w: 'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
    r: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
    m: 'http://schemas.openxmlformats.org/officeDocument/2006/math',
    mc: 'http://schemas.openxmlformats.org/markup-compatibility/2006',
  }).map(([prefix, name]) => `xmlns:${prefix}="${name}"`)
  const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relationships = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
  return zipFile([
    {
      name: '[Content_Types].xml',
      content: `${open}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    },
    {
      name: '_rels/.rels',
      content: `${open}<Relationships ${relationships}><Relationship Id="r1" Type="${relation}/officeDocument" Target="word/document.xml"/></Relationships>`,
    },
    {
      name: 'word/_rels/document.xml.rels',
      content: `${open}<Relationships ${relationships}><Relationship Id="r1" Type="${relation}/styles" Target="styles.xml"/></Relationships>`,
    },
    {
      name: 'word/document.xml',
      content: `${open}<w:document ${word.join(' ')}><w:body>${body}</w:body></w:document>`,
    },
    ...parts,
  ])
}

function commonFields(entry: ZipFileEntry, content: Buffer, packedLength: number, name: Buffer): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(entry.encrypted ? 1 : 0, 2)
  fields.writeUInt16LE(entry.packed || entry.deflated ? 8 : 0, 4)
  fields.writeUInt32LE(entry.deflated?.checksum ?? crc32(content), 10)
  fields.writeUInt32LE(packedLength, 14)
  fields.writeUInt32LE(entry.declaredSize ?? entry.deflated?.size ?? content.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}

function endRecord(count: number, length: number, offset: number): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  // A directory of more says so in a record of its own; here the number is cut.
  record.writeUInt16LE(count & 0xffff, 8)
  record.writeUInt16LE(count & 0xffff, 10)
  record.writeUInt32LE(length, 12)
  record.writeUInt32LE(offset, 16)
  return record
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
