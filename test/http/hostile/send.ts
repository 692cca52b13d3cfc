import { connect } from 'node:net'
import type { HostileRequest } from './requests.js'

export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  status: number
  text: string
}

/** Sends a request byte for byte, where a client of HTTP would refuse to. What cannot be sent in one line is left out of it. */
export function sendRaw(port: number, { method, target, headers, body }: HostileRequest): Promise<RawAnswer> {
  const bytes = Buffer.from(body)
  const head = [
    `${method} ${oneLine(target)} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${oneLine(value)}`),
    `Content-Length: ${bytes.length}`,
    'Connection: close',
  ].join('\r\n')
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const end = () => {
      socket.destroy()
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text.replace(/^HTTP\/1\.1 100 .*\r\n\r\n/, ''))?.[1] ?? 0),
        text,
      })
    }
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      // A stream of events has no end.
      if (text.includes('event: ready')) end()
    })
    socket.once('close', end)
    socket.once('error', end)
    socket.write(`${head}\r\n\r\n`)
    socket.write(bytes)
  })
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, '')
}
