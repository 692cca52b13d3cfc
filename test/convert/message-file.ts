import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js'

type Property = [tag: string, value: string | Buffer]

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
    addStream(parent, '__properties_version1.0', Buffer.alloc(headerBytes))
    for (const [tag, value] of list) {
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
