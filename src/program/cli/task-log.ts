import { open } from 'node:fs/promises'
import { logFile } from '../worker/task-logs.js'

/** As much of a log as people read, and a browser shows at once, in bytes. */
const MOST_BYTES = 256 * 1024

/** The end of what a task logged. @returns Undefined when nothing was. */
export async function readLogEnd(ref: string): Promise<string | undefined> {
  const file = await open(logFile(ref)).catch(() => undefined)
  if (!file) return undefined
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - MOST_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), { position: start })
    const text = buffer.toString('utf8', 0, bytesRead)
    return start === 0
      ? text
      : `(the first ${start} bytes are left out)\n${text.slice(text.indexOf('\n') + 1)}`
  } finally {
    await file.close()
  }
}
