import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { ConvertError, convert } from '../../src/convert/index.js'
import { documentFile, sample } from './documents.js'
import { outlookFile } from './message-file.js'
import { randomNumbers } from './random-numbers.js'
import { zipFile } from './zip-file.js'

const PLACES = 20

const mail = [
  'From: a@example.org',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=B',
  '',
  '--B\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGgxPnJhaW48L2gxPg==',
  '--B\nContent-Disposition: attachment; filename=a.csv\n\na,b\n1,2',
  '--B--',
].join('\n')

const feed =
  '<rss><channel><title>Rain</title><item><title>A</title><description>&lt;b&gt;x</description></item></channel></rss>'

const documents: Record<string, () => Promise<Uint8Array> | Uint8Array> = {
  'test.epub': () => readFile(sample('test.epub')),
  'test.rtf': () => readFile(sample('test.rtf')),
  'test_mskanji.csv': () => readFile(sample('test_mskanji.csv')),
  'test.json': () => readFile(sample('test.json')),
  'test_notebook.ipynb': () => readFile(sample('test_notebook.ipynb')),
  'test_blog.html': () => readFile(sample('test_blog.html')),
  'feed.rss': () => Buffer.from(feed),
  'mail.eml': () => Buffer.from(mail),
  'mail.msg': () =>
    outlookFile({
      properties: [
        ['0037001F', 'S'],
        ['1000001F', 'rain '.repeat(1_000)],
      ],
      attachments: [[['3707001F', 'a.csv']]],
    }),
  'files.zip': () =>
    zipFile([
      { name: 'a.eml', content: mail },
      { name: 'b.rss', content: feed },
    ]),
}

describe.each(Object.keys(documents))('%s', (name) => {
  const endsWell = async (content: Uint8Array) => {
    const error = await convert({ path: await documentFile(name, content) }).catch(
      (reason: unknown) => reason,
    )
    if (error instanceof Error) expect(error).toBeInstanceOf(ConvertError)
  }

  it('cut off at 20 places ends in Markdown or in a clear error', async () => {
    const whole = (await documents[name]?.()) ?? Buffer.alloc(0)
    for (let place = 0; place < PLACES; place++)
      await endsWell(whole.subarray(0, (whole.length * place) / PLACES))
  })

  it('with bytes changed at random, 20 times, ends in Markdown or in a clear error', async () => {
    const whole = (await documents[name]?.()) ?? Buffer.alloc(0)
    const random = randomNumbers(name.length)
    for (let variant = 0; variant < PLACES; variant++) {
      const changed = Uint8Array.from(whole)
      for (let count = 0; count <= variant; count++)
        changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256)
      await endsWell(changed)
    }
  })
})
