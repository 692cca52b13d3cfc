/** `modern`: the protocol of 2026-07-28 and after, whose requests say so themselves. `legacy`: those that begin with a handshake. */
export type Era = 'legacy' | 'modern'

/** Each request of the modern protocol has this in its `_meta`. */
const VERSION = 'io.modelcontextprotocol/protocolVersion'

/** The largest message that the transports of the SDKs take, in bytes. */
const MOST_BYTES = 10 * 1024 * 1024

/**
 * Looks at the first message of a stream, which is then read again by whoever serves the client. Of what is no message, or never comes,
 * it says `legacy`.
 */
export function eraOf(stream: NodeJS.ReadStream, signal: AbortSignal): Promise<Era> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const look = (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (chunk.includes('\n') || length > MOST_BYTES) end()
    }
    const end = () => {
      stream.off('data', look).off('end', end).off('error', end)
      signal.removeEventListener('abort', end)
      stream.pause()
      const read = Buffer.concat(chunks)
      if (read.length > 0) stream.unshift(read)
      resolve(eraOfLine(read.toString('utf8').split('\n')[0] ?? ''))
    }
    stream.on('data', look).once('end', end).once('error', end)
    signal.addEventListener('abort', end, { once: true })
  })
}

function eraOfLine(line: string): Era {
  try {
    const { params } = Object(JSON.parse(line))
    return Object.hasOwn(Object(Object(params)._meta), VERSION) ? 'modern' : 'legacy'
  } catch {
    return 'legacy'
  }
}
