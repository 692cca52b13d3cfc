import { readFile } from 'node:fs/promises'
import type { Address, Attachment, Email } from 'postal-mime'
import type { Converter, InnerFile } from '../convert-context.js'
import { damaged } from '../convert-error.js'
import { loadEngine } from '../engine.js'
import { formats } from '../formats.js'
import { certainEncoding, decodeText } from '../text/encoding.js'
import { writeAddress, writeMessage } from './message.js'

export const convertEml: Converter = async (path, context) => {
  const { default: PostalMime } = await loadEngine('postal-mime', path, () => import('postal-mime'))
  const mail = await PostalMime.parse(await readMail(path), {
    attachmentEncoding: 'arraybuffer',
    forceRfc822Attachments: true,
  }).catch((cause: unknown) => {
    throw damaged(path, 'e-mail', cause)
  })
  context.signal?.throwIfAborted()
  const { subject, html, text } = mail
  context.metadata({ title: subject || undefined, author: writeAll(mail.from && [mail.from]) })
  const message = { subject, html, text, headers: headersOf(mail), attachments: attachmentsOf(mail) }
  return writeMessage(message, path, context)
}

const MARK = Buffer.from('\ufeff')

// A mail is ASCII for the most part; one with a byte order mark has been saved anew by an editor.
async function readMail(path: string): Promise<Uint8Array | string> {
  const bytes = await readFile(path)
  if (certainEncoding(bytes)?.startsWith('utf-16')) return inUtf8(decodeText(bytes))
  return bytes.subarray(0, MARK.length).equals(MARK) ? bytes.subarray(MARK.length) : bytes
}

const HEADERS = /^(?:[!-9;-~]+:.*\r?\n(?:[ \t].*\r?\n)*)+/gm
const ASCII_ONLY = /^content-transfer-encoding:\s*(?:base64|quoted-printable)/im

/** What is no longer in the charset that it declares, since the editor has read it, says so. */
function inUtf8(mail: string): string {
  return mail.replace(HEADERS, (headers) =>
    ASCII_ONLY.test(headers) ? headers : headers.replace(/(?<=charset\s*=\s*)(?:"[^"]*"|[^\s;]+)/gi, 'utf-8'),
  )
}

function headersOf({ from, to, cc, date }: Email) {
  return { From: writeAll(from && [from]), To: writeAll(to), Cc: writeAll(cc), Date: date }
}

function writeAll(addresses: Address[] | undefined): string | undefined {
  const all = addresses?.flatMap((entry) => entry.group ?? [entry]) ?? []
  return all.map(({ name, address }) => writeAddress(name, address)).join(', ') || undefined
}

// Pictures that the body shows are a part of it.
function attachmentsOf(mail: Email): InnerFile[] {
  const apart = mail.attachments.filter(
    ({ related, mimeType }) => !(related && mimeType.startsWith('image/')),
  )
  return apart.map((attachment, index) => ({
    name: attachment.filename || `attachment ${index + 1}${extensionOf(attachment)}`,
    content: toBytes(attachment.content),
  }))
}

function extensionOf({ mimeType }: Attachment): string {
  return formats.find(({ mediaType }) => mediaType === mimeType)?.extensions[0] ?? ''
}

function toBytes(content: Attachment['content']): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)
}
