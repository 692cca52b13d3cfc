import { execFileSync } from 'node:child_process'
import { chmod, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConvertError, type ConvertErrorCode, convert } from '../../src/convert/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { documentFile, sample } from './documents.js'
import { pdfFile } from './pdf-file.js'
import { wordFile, zipFile } from './zip-file.js'

async function refusal(path: string): Promise<ConvertError> {
  const error = await convert({ path }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ConvertError)
  return error as ConvertError
}

async function expectRefused(path: string, code: ConvertErrorCode, message: RegExp): Promise<void> {
  const error = await refusal(path)
  expect(error).toMatchObject({ name: 'ConvertError', code, message: expect.stringMatching(message) })
  expect(error.message.startsWith(`${path}: `)).toBe(true)
  expect(error.message).not.toContain('\n')
}

describe('what is no document is refused in one line that names it', () => {
  it('a missing file', async () => {
    await expectRefused(join(await temporaryFolder(), 'gone.html'), 'FILE_NOT_FOUND', /no such file/)
  })

  it('a file named as if it were a folder', async () => {
    const path = join(await documentFile('page.html', '<p>x</p>'), 'inner.html')
    await expectRefused(path, 'FILE_NOT_FOUND', /no such file; check the path/)
  })

  it('a named pipe, which is not waited for', async () => {
    const path = join(await temporaryFolder(), 'pipe.html')
    execFileSync('mkfifo', [path])
    await expectRefused(path, 'NOT_A_FILE', /is not a regular file; name a document/)
  })

  it('a link that leads back to itself, with the system’s reason', async () => {
    const path = join(await temporaryFolder(), 'loop.html')
    await symlink(path, path)
    await expectRefused(path, 'FILE_UNREADABLE', /cannot be read \(ELOOP: .*\); check its permissions/)
  })

  // The superuser may read every file.
  it.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    const path = await documentFile('secret.html', '<p>x</p>')
    await chmod(path, 0o000)
    await expectRefused(path, 'FILE_UNREADABLE', /cannot be read \(EACCES: .*\); check its permissions/)
  })

  it('a folder', async () => {
    await expectRefused(await temporaryFolder(), 'NOT_A_FILE', /is a folder/)
  })

  it('an empty file', async () => {
    await expectRefused(await documentFile('empty.docx', ''), 'FILE_EMPTY', /is empty/)
  })

  it('random bytes', async () => {
    await expectRefused(
      sample('random.bin'),
      'FORMAT_UNSUPPORTED',
      /\.bin is not supported; supported are \.html/,
    )
  })

  it('bytes of nothing known, in a file without an extension', async () => {
    const path = await documentFile('nameless', Buffer.from([0, 1, 2, 3, 0xff, 0xfe]))
    await expectRefused(path, 'FORMAT_UNSUPPORTED', /its format is not recognised; supported are \.html/)
  })

  it.each([
    'html',
    'docx',
    'pdf',
    'pptx',
    'xlsx',
    'odt',
    'ods',
    'odp',
    'epub',
    'rtf',
    'csv',
    'json',
    'xml',
    'ipynb',
    'eml',
    'msg',
    'md',
    'txt',
    'zip',
  ])('random bytes named .%s', async (extension) => {
    const path = await documentFile(`random.${extension}`, await readFile(sample('random.bin')))
    await expectRefused(path, 'FILE_CORRUPT', /content is other bytes/)
  })

  it('text without markup named .html', async () => {
    await expectRefused(
      await documentFile('plain.html', 'no markup at all'),
      'FILE_CORRUPT',
      /content is other text/,
    )
  })

  it('a format that is not supported', async () => {
    await expectRefused(
      await documentFile('notes.xyz', 'some text'),
      'FORMAT_UNSUPPORTED',
      /\.xyz is not supported/,
    )
    const binary = await documentFile('book.xlsb', zipFile([{ name: 'xl/workbook.bin', content: 'x' }]))
    await expectRefused(binary, 'FORMAT_UNSUPPORTED', /is an Excel workbook in binary form/)
  })

  it('a ZIP archive of something else that is named like a document', async () => {
    const path = await documentFile('files.docx', zipFile([{ name: 'readme.txt', content: 'hello' }]))
    await expectRefused(path, 'FORMAT_UNSUPPORTED', /without a document of its own/)
  })
})

describe('damaged documents are refused', () => {
  it.each([0.02, 0.25, 0.5, 0.75, 0.99])('a DOCX cut off at %f of its length', async (part) => {
    const whole = await readFile(sample('test.docx'))
    const path = await documentFile('cut.docx', whole.subarray(0, whole.length * part))
    await expectRefused(path, 'FILE_CORRUPT', /truncated or damaged/)
  })

  it.each([0.05, 0.5, 0.95])('a PDF cut off at %f of its length', async (part) => {
    const whole = await readFile(sample('test.pdf'))
    const path = await documentFile('cut.pdf', whole.subarray(0, whole.length * part))
    await expectRefused(path, 'FILE_CORRUPT', /truncated/)
  })

  it('a DOCX whose XML is broken, with the engine’s error as the cause', async () => {
    const path = await documentFile('broken.docx', wordFile('<w:p></w:r>'))
    expect((await refusal(path)).cause).toBeInstanceOf(Error)
    await expectRefused(path, 'FILE_CORRUPT', /Word document is damaged/)
  })

  it('a PDF with nothing readable between its header and its end', async () => {
    const path = await documentFile('hollow.pdf', '%PDF-1.4\ngarbage\nstartxref\n9\n%%EOF')
    await expectRefused(path, 'FILE_CORRUPT', /PDF is damaged/)
  })

  it('a PDF without text', async () => {
    await expectRefused(
      await documentFile('scan.pdf', pdfFile([{ texts: [] }])),
      'FORMAT_UNSUPPORTED',
      /no text/,
    )
  })
})

describe('encrypted documents are refused', () => {
  it('a PDF that opens only with a password', async () => {
    const key = '0'.repeat(64)
    const encryption = `/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <${key}> /U <${key}> >> /ID [<00> <00>]`
    const path = await documentFile(
      'locked.pdf',
      pdfFile([{ texts: [{ at: [9, 9], text: 'x' }] }], encryption),
    )
    await expectRefused(path, 'FILE_ENCRYPTED', /password/)
  })

  it('an encrypted DOCX, which is a compound file', async () => {
    const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex')
    const path = await documentFile('locked.docx', Buffer.concat([compound, Buffer.alloc(504)]))
    await expectRefused(path, 'FILE_ENCRYPTED', /encrypted, or an old Office file/)
  })

  it('an archive with encrypted entries', async () => {
    const path = await documentFile('locked.docx', zipFile([{ name: 'word/document.xml', encrypted: true }]))
    await expectRefused(path, 'FILE_ENCRYPTED', /is encrypted/)
  })

  it('an old .doc is not called encrypted', async () => {
    const path = await documentFile('old.doc', Buffer.from('d0cf11e0a1b11ae1', 'hex'))
    await expectRefused(path, 'FORMAT_UNSUPPORTED', /old Office file.*save it as \.docx/)
  })

  it('an old .xls is refused by name, with what to save it as', async () => {
    const path = await documentFile('old.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'))
    await expectRefused(path, 'FORMAT_UNSUPPORTED', /\.xls.*save it as \.xlsx first/)
  })
})

describe('zip bombs are refused by their directory', () => {
  const megabytes = (count: number) => count * 1024 * 1024

  it('for what all entries together unpack to', async () => {
    const entries = ['word/document.xml', 'a', 'b'].map((name) => ({ name, declaredSize: megabytes(200) }))
    await expectRefused(
      await documentFile('bomb.docx', zipFile(entries)),
      'FILE_TOO_LARGE',
      /unpacks to 600 MB/,
    )
  })

  it('for a ratio no document has', async () => {
    const bomb = zipFile([{ name: 'word/document.xml', declaredSize: megabytes(64) }])
    await expectRefused(await documentFile('bomb.docx', bomb), 'FILE_TOO_LARGE', /times its size/)
  })
})

describe('an archive that lies about its parts is refused as damaged', () => {
  const content = `<office:document-content>${' '.repeat(1_000_000)}</office:document-content>`
  const mimetype = { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' }

  it.each([true, false])('when one unpacks to more than it says (packed: %s)', async (packed) => {
    const lie = { name: 'content.xml', content, packed, declaredSize: 1000 }
    const path = await documentFile('lie.odt', zipFile([mimetype, lie]))
    await expectRefused(path, 'FILE_CORRUPT', /OpenDocument text is damaged/)
    expect((await refusal(path)).cause).toMatchObject({ message: expect.stringMatching(/larger than/) })
  })

  it('when one is not what its checksum says', async () => {
    const file = zipFile([mimetype, { name: 'content.xml', content }])
    file[file.indexOf('   ')] = 0x41
    const path = await documentFile('altered.odt', file)
    expect((await refusal(path)).cause).toMatchObject({ message: expect.stringMatching(/altered/) })
  })
})
