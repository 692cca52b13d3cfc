import { TextDecoder } from 'node:util'

/** Decodes a document by its byte order mark, else by the charset it declares, else as UTF-8 or windows-1252. */
export function decodeText(bytes: Uint8Array): string {
  const marked = byteOrderMark(bytes)
  const decoder = marked ? new TextDecoder(marked) : declaredDecoder(bytes)
  return decodeWith(decoder ?? new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252'), bytes)
}

/** The encoding where bytes leave no doubt: by their byte order mark, or because they are UTF-8 throughout. */
export function certainEncoding(bytes: Uint8Array): string | undefined {
  const marked = byteOrderMark(bytes)
  if (marked || !isUtf8(bytes)) return marked
  // Japanese mail switches alphabets by escape sequences, in bytes that are ASCII.
  return ['\x1b$B', '\x1b$@'].some((start) => Buffer.from(bytes).includes(start)) ? 'iso-2022-jp' : 'utf-8'
}

/** Decodes by a charset's name; one that is not known is taken for windows-1252. */
export function decodeAs(label: string, bytes: Uint8Array): string {
  return decodeWith(decoderFor(label) ?? new TextDecoder('windows-1252'), bytes)
}

/** Whether the beginning of a file reads as text; random bytes are a ninth control characters, text has next to none. */
export function looksLikeText(head: Uint8Array): boolean {
  const marked = byteOrderMark(head)
  if (marked && marked !== 'utf-8') return !new TextDecoder(marked).decode(head).includes('\0')
  let controls = 0
  for (const byte of head) if (isControl(byte)) controls++
  return controls <= head.length / 100
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

// In two steps, since Node 20 decodes windows-1252 in one step as if it were ISO 8859-1, without its quotation marks.
function decodeWith(decoder: TextDecoder, bytes: Uint8Array): string {
  return decoder.decode(bytes, { stream: true }) + decoder.decode()
}

// Browsers look at the first 1024 bytes; pages saved with long comments on top need a little more.
const DECLARATION_BYTES = 4096

function declaredDecoder(bytes: Uint8Array): TextDecoder | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, DECLARATION_BYTES))
  const label =
    /<meta[^>]*?charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1] ??
    /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w:.-]+)/i.exec(head)?.[1]
  // A declaration that can be read as ASCII cannot be in UTF-16, whatever it says.
  return label ? decoderFor(/^utf-?16/i.test(label) ? 'utf-8' : label) : undefined
}

function decoderFor(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label)
  } catch {
    return undefined
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

// Tab to carriage return are layout, and ESC switches alphabets in ISO-2022-JP.
function isControl(byte: number): boolean {
  return byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b) || byte === 0x7f
}
