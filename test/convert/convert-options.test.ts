import { describe, expect, it } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { documentFile, sample } from './documents.js'
import { pdfFile } from './pdf-file.js'

const text = () => documentFile('a.txt', 'text')

describe('options', () => {
  it.each([
    [{ maxFileBytes: 0 }, 'the option maxFileBytes must be a number from 1 on, not 0'],
    [{ maxPages: Number.NaN }, 'the option maxPages must be a number from 1 on, not NaN'],
    [{ remoteImages: 'drop' as 'strip' }, 'the option remoteImages must be "keep" or "strip", not "drop"'],
    [{ sanitize: 'no' as unknown as boolean }, 'the option sanitize must be true or false, not "no"'],
  ])('%j is refused', async (options, message) => {
    await expect(convert({ path: await text(), ...options })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message,
    })
  })

  it('that are undefined are the defaults', async () => {
    const result = await convert({ path: await text(), maxFileBytes: undefined, remoteImages: undefined })
    expect(result.markdown).toBe('text\n')
  })

  it('limit the pages of a PDF', async () => {
    const page = { texts: [{ at: [50, 700] as [number, number], text: 'rain' }] }
    const path = await documentFile('two.pdf', pdfFile([page, page]))
    await expect(convert({ path, maxPages: 1 })).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      message: expect.stringContaining('raise the option maxPages'),
    })
  })

  it.each([
    ['slides', 'test.pptx'],
    ['sheets', 'test.xlsx'],
    ['chapters', 'test.epub'],
  ])('limit the %s of %s', async (_, name) => {
    await expect(convert({ path: sample(name), maxPages: 1 })).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      message: expect.stringContaining('raise the option maxPages'),
    })
  })

  it('limit the size of a file', async () => {
    await expect(convert({ path: sample('test.json'), maxFileBytes: 100 })).rejects.toThrow(
      /over the limit of .*maxFileBytes/,
    )
  })
})

describe('text, YAML and XML', () => {
  it('are kept as they are, the last two as code', async () => {
    const convertOne = async (name: string, content: string) =>
      (await convert({ path: await documentFile(name, content) })).markdown
    expect(await convertOne('a.txt', 'one\r\n  two\rthree\n')).toBe('one\n  two\nthree\n')
    expect(await convertOne('a.yml', 'a: &x 1\nb: *x\n')).toBe('```yaml\na: &x 1\nb: *x\n```\n')
    const entities = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>\n<a>&b;</a>'
    expect(await convertOne('a.xml', entities)).toBe(`\`\`\`xml\n${entities}\n\`\`\`\n`)
  })
})

describe('HTML', () => {
  it('tells its title and author', async () => {
    const page =
      '<html><head><title>On\n rain &amp; sun</title><meta name="author" content="A. Author"></head><body>x'
    const { metadata } = await convert({ path: await documentFile('a.html', page) })
    expect(metadata).toEqual({ title: 'On rain & sun', author: 'A. Author' })
  })
})
