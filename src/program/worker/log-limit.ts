import { open, stat, truncate, writeFile } from 'node:fs/promises'

/** How large a log file may get, in bytes: far more than anybody reads, and little for a disk. */
export const LOG_LIMIT = 10 * 1024 * 1024

/**
 * Moves the end of a log that has outgrown its limit to `<path>.old`, in the place of what is there, and empties it. It is not renamed: the
 * process that writes to it has it open.
 */
export async function limitLog(path: string): Promise<void> {
  const { size } = await stat(path).catch(() => ({ size: 0 }))
  if (size <= LOG_LIMIT) return
  await writeFile(`${path}.old`, await endOf(path, size), { mode: 0o600 })
  await truncate(path)
}

async function endOf(path: string, size: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOG_LIMIT), { position: size - LOG_LIMIT })
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
