import type { FileHandle } from 'node:fs/promises'

/** Old Office files and Outlook messages are compound files alike; a message's directory names its properties. */
export async function isOutlookMessage(file: FileHandle, head: Buffer, extension: string): Promise<boolean> {
  if (extension === '.msg') return true
  if (head.length < HEADER_BYTES) return false
  const sectorBytes = 2 ** Math.min(head.readUInt16LE(30), 12)
  const directory = (head.readUInt32LE(48) + 1) * sectorBytes
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, directory)
  return buffer.subarray(0, bytesRead).includes(Buffer.from('__properties_version1.0', 'utf16le'))
}

const HEADER_BYTES = 512
const PEEK_BYTES = 8 * 1024
