import { describe, expect, it, vi } from 'vitest'
import { convert, formats } from '../../src/convert/index.js'
import { sample } from './documents.js'

describe('convert', () => {
  it.each([
    'test_blog.html',
    'test.docx',
    'test.pdf',
    'test.pptx',
    'test.xlsx',
    'test.epub',
    'test.rtf',
    'test_mskanji.csv',
    'test_notebook.ipynb',
  ])('gives the same text for %s every time, ending in one newline', async (name) => {
    const first = await convert({ path: sample(name) })
    expect(await convert({ path: sample(name) })).toEqual(first)
    expect(first.markdown).toMatch(/\S\n$/)
  })

  it('does nothing when it is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('not wanted any more'))
    await expect(convert({ path: 'no-such-file' }, { signal })).rejects.toThrow('not wanted any more')
  })

  it('prints nothing while it works', async () => {
    const writes = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')]
    await convert({ path: sample('test.pdf') })
    await convert({ path: sample('test.docx') })
    expect(writes.map((write) => write.mock.calls)).toEqual([[], []])
    vi.restoreAllMocks()
  })
})

describe('formats', () => {
  it('lists each extension once, with its dot', () => {
    const extensions = formats.flatMap((format) => [...format.extensions])
    expect(new Set(extensions).size).toBe(extensions.length)
    expect(extensions.every((extension) => extension.startsWith('.'))).toBe(true)
  })
})
