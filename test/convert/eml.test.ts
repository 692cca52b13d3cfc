import { describe, expect, it } from 'vitest'
import { convert, identify } from '../../src/convert/index.js'
import { documentFile, outOfOrder, toMarkdown } from './documents.js'

const HEAD = [
  'From: =?utf-8?B?SsO2cmc=?= <joerg@example.org>',
  'To: "Lovelace, Ada" <ada@example.org>, bob@example.org',
  'Cc: carl@example.org',
  'Subject: =?utf-8?Q?Angebot_f=C3=BCr_Regen?=',
  'Date: Tue, 5 Mar 2024 10:00:00 +0100',
  'MIME-Version: 1.0',
]

const mail = (...lines: string[]) => [...HEAD, ...lines].join('\r\n')
const from = async (content: string) => toMarkdown({ path: await documentFile('mail.eml', content) })
const mixed = (...parts: string[][]) =>
  mail(
    'Content-Type: multipart/mixed; boundary=B',
    '',
    ...parts.flatMap((part) => ['--B', ...part]),
    '--B--',
    '',
  )

const nestedPart = (n: number) => `Content-Type: multipart/mixed; boundary=B${n}\r\n\r\n--B${n}\r\n`

describe('EML', () => {
  it('has its subject as the heading, its headers decoded, and its text', async () => {
    const markdown = await from(mail('Content-Type: text/plain; charset=utf-8', '', 'Grüße', ''))
    const wanted = [
      '# Angebot für Regen\n',
      '- **From:** Jörg (joerg@example.org)\n',
      '- **To:** Lovelace, Ada (ada@example.org), bob@example.org\n',
      '- **Cc:** carl@example.org\n',
      '- **Date:** 2024-03-05T09:00:00.000Z\n',
      'Grüße',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
  })

  it('tells subject and sender', async () => {
    const path = await documentFile('mail.eml', mail('', 'text'))
    expect((await convert({ path })).metadata).toEqual({
      title: 'Angebot für Regen',
      author: 'Jörg (joerg@example.org)',
    })
  })

  it('prefers HTML, decoded by its charset, and puts its headings below the subject', async () => {
    const markdown = await from(
      mail(
        'Content-Type: multipart/alternative; boundary=A',
        '',
        ...['--A', 'Content-Type: text/plain', '', 'plain'],
        ...[
          '--A',
          'Content-Type: text/html; charset=iso-8859-1',
          'Content-Transfer-Encoding: quoted-printable',
        ],
        ...['', '<h1>Hallo</h1><p>Gr=FC=DFe <a href=3D"https://example.org">link</a></p>', '--A--', ''],
      ),
    )
    expect(markdown).toMatch(/\n\n## Hallo\n\nGrüße \[link\]\(https:\/\/example\.org\)\n$/)
    expect(markdown).not.toContain('plain')
  })

  it('lists its attachments and converts those it can', async () => {
    const markdown = await from(
      mixed(
        ['Content-Type: text/plain', '', 'See below.'],
        ['Content-Type: text/csv', 'Content-Disposition: attachment; filename="t.csv"', '', 'a,b', '1,2'],
        ['Content-Type: image/png', 'Content-Disposition: attachment; filename=p.png', '', 'iVBORw0KGgo='],
      ),
    )
    const wanted = [
      '- **Attachments:** t.csv, p.png\n',
      'See below.\n',
      '## t.csv\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n',
      '## p.png\n\n*Not converted: ',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
  })

  it('names the limit that an attachment goes over', async () => {
    const attachment = (name: string) => [
      'Content-Type: text/plain',
      `Content-Disposition: attachment; filename=${name}`,
      '',
      '0123456789',
    ]
    const path = await documentFile('mail.eml', mixed(attachment('a.txt'), attachment('b.txt')))
    const one = await toMarkdown({ path, maxArchiveEntries: 1 })
    const few = await toMarkdown({ path, maxUnpackedBytes: 15 })
    expect(
      outOfOrder(one, [
        '## a.txt\n\n0123',
        '## b.txt\n\n*Not converted: is one file too many; raise the option maxArchiveEntries*',
      ]),
    ).toEqual([])
    expect(
      outOfOrder(few, [
        '## a.txt\n\n0123',
        '## b.txt\n\n*Not converted: unpacks to too much; raise the option maxUnpackedBytes*',
      ]),
    ).toEqual([])
  })

  it('converts a mail in a mail', async () => {
    const inner = ['From: x@example.org', 'Subject: Inner', '', 'inner text']
    const markdown = await from(
      mixed(['Content-Type: text/plain', '', 'outer'], ['Content-Type: message/rfc822', '', ...inner]),
    )
    expect(outOfOrder(markdown, ['outer', '### Inner', '- **From:** x@example.org', 'inner text'])).toEqual(
      [],
    )
  })

  it('shows a picture of its body by what is said of it, and takes it for no attachment', async () => {
    const lines = [
      'From: ann@example.org',
      'Content-Type: multipart/related; boundary=B',
      '',
      ...['--B', 'Content-Type: text/html', '', '<p>See <img src="cid:p" alt="gauge"> <img src="cid:p"></p>'],
      ...['--B', 'Content-Type: image/png', 'Content-ID: <p>', 'Content-Transfer-Encoding: base64', ''],
      ...['iVBORw0KGgo=', '--B--', ''],
    ]
    expect(await from(lines.join('\r\n'))).toBe(
      '# No subject\n\n- **From:** ann@example.org\n\nSee ![gauge](image)\n',
    )
  })

  it('names attachments by their number and kind, and people without an address by their name', async () => {
    const part = (type: string, text: string) => [
      `Content-Type: ${type}`,
      'Content-Disposition: attachment',
      '',
      text,
    ]
    const parts = [part('text/plain', 'first'), part('text/csv', 'a,b'), part('application/x-own', 'third')]
    const content = mixed(['Content-Type: text/plain', '', 'See below.'], ...parts)
    const markdown = await from(content.replace(/^From: .*/, 'From: The Weather'))
    const wanted = [
      '- **From:** The Weather\n',
      '- **Attachments:** attachment 1.txt, attachment 2.csv, attachment 3\n',
      '## attachment 1.txt\n\nfirst\n',
      '## attachment 2.csv\n\n| a | b |\n',
      '## attachment 3\n\nthird\n',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
  })

  it('is read when an editor has saved it in UTF-16', async () => {
    const content = '\ufeffFrom: ann@example.org\r\nSubject: Grüße\r\n\r\ntext\r\n'
    const path = await documentFile('mail.eml', Buffer.from(content, 'utf16le'))
    expect(await toMarkdown({ path })).toBe('# Grüße\n\n- **From:** ann@example.org\n\ntext\n')
  })

  it.each([
    ['charset="iso-8859-1"\r\nContent-Transfer-Encoding: 8bit', 'Café “q”'],
    ['charset=utf-16', 'Café “q”'],
    ['charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable', 'Caf=E9 “q”'.replace(/[“”]/g, "'")],
  ])('is read whatever charset it declared before an editor saved it in UTF-16: %s', async (type, body) => {
    const content = `\ufeffSubject: Menu\r\nContent-Type: text/plain;\r\n ${type}\r\n\r\n${body}\r\n`
    const path = await documentFile('mail.eml', Buffer.from(content, 'utf16le'))
    expect(await toMarkdown({ path })).toMatch(/^# Menu\n\nCafé [“']q[”']\n$/)
  })

  it('keeps its first header behind a byte order mark', async () => {
    const path = await documentFile(
      'mail.eml',
      '\ufeffSubject: Rain\r\nFrom: ann@example.org\r\n\r\ntext\r\n',
    )
    expect(await toMarkdown({ path })).toBe('# Rain\n\n- **From:** ann@example.org\n\ntext\n')
  })

  it.each([
    ['its parts are nested without end', Array.from({ length: 300 }, (_, n) => nestedPart(n)).join('')],
    ['its headers are without end', `X-Long: ${'x'.repeat(1_000)}\r\n`.repeat(2_200)],
  ])('is refused when %s', async (_, content) => {
    const path = await documentFile('mail.eml', `From: ann@example.org\r\n${content}\r\ntext`)
    await expect(convert({ path })).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringMatching(/the e-mail is damaged and cannot be read; get an intact copy$/),
    })
  })

  it('is known by its headers where the name says nothing', async () => {
    expect(await identify(await documentFile('message', mail('', 'text')))).toBe('eml')
    expect(await identify(await documentFile('notes', 'To do: nothing\n'))).toBe('text')
  })
})
