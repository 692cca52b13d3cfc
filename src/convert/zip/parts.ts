import { open, stat } from 'node:fs/promises'
import { readZipDirectory, readZipEntry, ZipDamaged } from './zip.js'

export interface ZipParts {
  names: string[]
  /** One entry unpacked; the limit counts what is really unpacked, whatever the directory declares. */
  read(name: string): Promise<Buffer>
}

/** Opens an archive for as long as the work takes. */
export async function withZip<T>(
  path: string,
  maxUnpackedBytes: number,
  work: (parts: ZipParts) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r')
  try {
    const entries = await readZipDirectory(file, (await stat(path)).size)
    const byName = new Map(entries.map((entry) => [entry.name, entry]))
    let left = maxUnpackedBytes
    const read = async (name: string) => {
      const entry = byName.get(name)
      if (!entry) throw new ZipDamaged(`${name} is missing`)
      // The directory was held against the limit; an entry that is read again and again was not.
      if (entry.unpackedSize > left) throw new ZipDamaged('it unpacks to more than its directory says')
      const content = await readZipEntry(file, entry, entry.unpackedSize + 1)
      if (content.length !== entry.unpackedSize)
        throw new ZipDamaged(`${name} has another size than declared`)
      left -= content.length
      return content
    }
    return await work({ names: [...byName.keys()], read })
  } finally {
    await file.close()
  }
}
