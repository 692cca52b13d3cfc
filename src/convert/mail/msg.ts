import { readFile } from 'node:fs/promises'
import type { FieldsData } from '@kenjiuno/msgreader'
import type { Converter, InnerFile } from '../convert-context.js'
import { damaged } from '../convert-error.js'
import { loadEngine } from '../engine.js'
import { decodeText } from '../text/encoding.js'
import { refuseEndless } from './compound-file.js'
import { type Message, writeAddress, writeMessage } from './message.js'

export const convertMsg: Converter = async (path, context) => {
  const { default: module } = await loadEngine(
    '@kenjiuno/msgreader',
    path,
    () => import('@kenjiuno/msgreader'),
  )
  const bytes = await readFile(path)
  const message = readMessage(readerOf(module), bytes, path)
  context.metadata({ title: message.subject, author: message.headers.From })
  return writeMessage(message, path, context)
}

type MsgReader = typeof import('@kenjiuno/msgreader')['default']

// Node gives what the CommonJS module exports, other loaders the default in it.
function readerOf(exported: { default: MsgReader } | MsgReader): MsgReader {
  return typeof exported === 'function' ? exported : exported.default
}

function readMessage(Reader: MsgReader, bytes: Buffer, path: string): Message {
  try {
    refuseEndless(bytes)
    const reader = new Reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    const fields = reader.getFileData()
    const attachments = (fields.attachments ?? []).map((attachment): InnerFile => {
      const { fileName, content } = reader.getAttachment(attachment)
      return { name: text(fileName) || 'attachment', content }
    })
    const html = fields.html ? decodeText(fields.html) : text(fields.bodyHtml)
    const subject = text(fields.subject)
    return { subject, headers: headersOf(fields), html, text: text(fields.body), attachments }
  } catch (cause) {
    throw damaged(path, 'Outlook message', cause)
  }
}

function headersOf(fields: FieldsData) {
  const { senderName, senderSmtpAddress, senderEmail, messageDeliveryTime, clientSubmitTime } = fields
  const date = new Date(messageDeliveryTime ?? clientSubmitTime ?? Number.NaN)
  return {
    From: writeAddress(text(senderName), text(senderSmtpAddress) ?? text(senderEmail)) || undefined,
    To: writeRecipients(fields, 'to'),
    Cc: writeRecipients(fields, 'cc'),
    Date: Number.isNaN(date.getTime()) ? undefined : date.toISOString(),
  }
}

function writeRecipients({ recipients = [] }: FieldsData, type: string): string | undefined {
  const chosen = recipients.filter(({ recipType }) => (recipType ?? 'to') === type)
  const addresses = chosen.map(({ name, smtpAddress, email }) =>
    writeAddress(text(name), text(smtpAddress) ?? text(email)),
  )
  return addresses.join(', ') || undefined
}

// In a damaged file a property may be of any type.
function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
