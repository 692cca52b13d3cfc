import { describe, expect, it } from 'vitest'
import { convert, identify } from '../../src/convert/index.js'
import { documentFile, toMarkdown } from './documents.js'
import { type OutlookMessage, outlookFile } from './message-file.js'

const from = async (message: OutlookMessage) =>
  toMarkdown({ path: await documentFile('mail.msg', outlookFile(message)) })

const SUBJECT = '0037001F'
const BODY = '1000001F'
const HTML = '10130102'
const SENDER = '0C1A001F'
const SENDER_ADDRESS = '5D01001F'

describe('MSG', () => {
  it('has its subject as the heading, who wrote to whom, and the body', async () => {
    const markdown = await from({
      properties: [
        [SUBJECT, 'Angebot für Regen'],
        [SENDER, 'Jörg'],
        [SENDER_ADDRESS, 'joerg@example.org'],
        [BODY, 'Hello\r\nrain'],
      ],
      recipients: [
        [
          ['3001001F', 'Ada'],
          ['39FE001F', 'ada@example.org'],
        ],
      ],
    })
    expect(markdown).toBe(
      '# Angebot für Regen\n\n- **From:** Jörg (joerg@example.org)\n- **To:** Ada (ada@example.org)\n\nHello\nrain\n',
    )
  })

  it('prefers the HTML body', async () => {
    const html = Buffer.from('<html><body><h1>Hi</h1><p>A <b>bold</b> word</p></body></html>')
    const markdown = await from({
      properties: [
        [SUBJECT, 'S'],
        [BODY, 'plain'],
        [HTML, html],
      ],
    })
    expect(markdown).toBe('# S\n\n## Hi\n\nA **bold** word\n')
  })

  it('converts its attachments', async () => {
    const markdown = await from({
      properties: [[SUBJECT, 'S']],
      attachments: [
        [
          ['3707001F', 'table.csv'],
          ['37010102', Buffer.from('a,b\n1,2\n')],
        ],
      ],
    })
    expect(markdown).toBe(
      '# S\n\n- **Attachments:** table.csv\n\n## table.csv\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n',
    )
  })

  it('is known by its content', async () => {
    const path = await documentFile('mail', outlookFile({ properties: [[SUBJECT, 'S']] }))
    expect(await identify(path)).toBe('msg')
  })

  it('is refused when it is damaged', async () => {
    const file = outlookFile({
      properties: [
        [SUBJECT, 'S'],
        [BODY, 'text'.repeat(2_000)],
      ],
    })
    const path = await documentFile('mail.msg', file.subarray(0, 700))
    await expect(convert({ path })).rejects.toMatchObject({ code: 'FILE_CORRUPT' })
  })
})
