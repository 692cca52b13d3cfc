import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXAMPLE_TEST_MS, runExample } from './run-example.js'

const script = fileURLToPath(new URL('../../scripts/make-documents.mjs', import.meta.url))
const committed = fileURLToPath(new URL('../../examples/documents/', import.meta.url))

// The streams of a PDF are compressed by Node's zlib, whose output may change from one Node version to the next, and
// with it the lengths and offsets. So PDFs are compared with their streams inflated and those numbers left out. The
// other files can be compared as they are: a DOCX is compressed by the docx library itself, in plain JavaScript.
function inflated(pdf: Buffer): string {
  const text = pdf.toString('latin1')
  const objects = text.slice(0, text.lastIndexOf('\nxref\n'))
  const trailer = text.slice(text.lastIndexOf('\ntrailer\n'), text.lastIndexOf('\nstartxref\n'))
  return (objects + trailer)
    .replace(/(?<=\nstream\n).*?(?=\nendstream\n)/gs, (stream) =>
      inflateSync(Buffer.from(stream, 'latin1')).toString('latin1'),
    )
    .replace(/\/Length \d+/g, '/Length')
}

describe('the example documents', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'raincheck-documents-'))
    await promisify(execFile)(process.execPath, [script, folder])
  }, 60_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  const both = (name: string) => Promise.all([readFile(join(folder, name)), readFile(join(committed, name))])

  test('are all made, and no others', async () => {
    const documents = (await readdir(committed)).filter((name) => name !== 'README.md')
    expect((await readdir(folder)).sort()).toEqual(documents.sort())
  })

  test.each(['article.html', 'report.docx', 'minutes.docx'])(
    '%s is made again byte for byte',
    async (name) => {
      const [made, kept] = await both(name)
      expect(made.equals(kept)).toBe(true)
    },
  )

  test.each(['handbook.pdf', 'invoice.pdf'])('%s is made again with the same content', async (name) => {
    const [made, kept] = (await both(name)).map(inflated)
    expect(made === kept).toBe(true)
  })
})

test(
  'the example documents.mjs converts them, one from the store, and redeems the ref of the long one',
  async () => {
    const lines = await runExample('documents.mjs')
    const converted = lines
      .filter((line) => line.includes(' -> out/'))
      .map((line) => line.split('(')[0]?.trim())
    expect(converted.map((line) => line?.replace(/: the ref is redeemed.*$/, ''))).toEqual([
      'article.html -> out/article.md',
      'invoice.pdf -> out/invoice.md',
      'minutes.docx -> out/minutes.md',
      'report.docx -> out/report.md',
      'handbook.pdf -> out/handbook.md',
    ])
    expect(lines).toContainEqual(
      expect.stringMatching(/answered with status 'p\w+' and the ref rc_\w{22}\.$/),
    )
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}poll: processing, page \d+ of 123/))
  },
  EXAMPLE_TEST_MS,
)
