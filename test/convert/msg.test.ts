import { describe, expect, it } from 'vitest'
import { convert, identify } from '../../src/convert/index.js'
import { documentFile, toMarkdown } from './documents.js'
import { type OutlookMessage, outlookFile, withLargeSectors } from './message-file.js'

const from = async (message: OutlookMessage) =>
  toMarkdown({ path: await documentFile('mail.msg', outlookFile(message)) })

const SUBJECT = '0037001F'
const BODY = '1000001F'
const HTML = '10130102'
const KIND = '0C150003'
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

  it('tells when it came, and who got a copy', async () => {
    const recipient = (name: string, kind: number): OutlookMessage['properties'] => [
      ['3001001F', name],
      [KIND, kind],
    ]
    const markdown = await from({
      properties: [
        [SUBJECT, 'S'],
        ['0E060040', new Date('2024-03-05T09:00:00Z')],
      ],
      recipients: [recipient('Ada', 1), recipient('Bob', 2), recipient('Carl', 3), recipient('Dora', 1)],
    })
    expect(markdown).toBe('# S\n\n- **To:** Ada, Dora\n- **Cc:** Bob\n- **Date:** 2024-03-05T09:00:00.000Z\n')
  })

  it('names people by what there is, and what has no subject or no name as such', async () => {
    const markdown = await from({
      properties: [
        [SENDER, 'Jörg'],
        [BODY, ''],
      ],
      recipients: [
        [
          ['3001001F', 'Ada'],
          ['3003001F', 'ada@example.org'],
        ],
      ],
      attachments: [[['37010102', Buffer.from('hello')]]],
    })
    const head = '- **From:** Jörg\n- **To:** Ada (ada@example.org)\n- **Attachments:** attachment'
    expect(markdown).toBe(`# No subject\n\n${head}\n\n## attachment\n\nhello\n`)
  })

  it('is read when it is larger than the tables that its header has room for', async () => {
    // Each of the header's 109 tables has room for 128 sectors of 512 bytes: 7.1 MB.
    const content = Buffer.alloc(8_000_000, 'rain ')
    const markdown = await from({
      properties: [[SUBJECT, 'S']],
      attachments: [
        [
          ['3707001F', 'rain.log'],
          ['37010102', content],
        ],
      ],
    })
    expect(markdown.slice(0, 60)).toMatch(
      /^# S\n\n- \*\*Attachments:\*\* rain\.log\n\n## rain\.log\n\nrain rain/,
    )
    expect(markdown.match(/rain /g)).toHaveLength(content.length / 5 - 1)
  })

  it('is read when its sectors are large', async () => {
    const file = outlookFile({
      properties: [
        [SUBJECT, 'Large'],
        [BODY, 'sectors'],
      ],
    })
    expect(await toMarkdown({ path: await documentFile('mail.msg', withLargeSectors(file)) })).toBe(
      '# Large\n\nsectors\n',
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

  // The header's numbers by their places (MS-CFB 2.2).
  it.each([
    ['more small tables than it is large', 64, 1_000_000],
    ['more tables of tables than it is large', 72, 1_000_000],
    ['a directory that is nowhere', 48, 5_000],
    ['no directory', 48, -2],
  ])('is refused when it tells of %s', async (_, place, number) => {
    const file = Buffer.from(outlookFile({ properties: [[SUBJECT, 'S']] }))
    file.writeInt32LE(number, place)
    const path = await documentFile('mail.msg', file)
    await expect(convert({ path })).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringMatching(
        /the Outlook message is damaged and cannot be read; get an intact copy$/,
      ),
    })
  })
})
