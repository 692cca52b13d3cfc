import { watch } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { documentFile, outOfOrder, sample, toMarkdown } from './documents.js'
import { presentationFile } from './office-file.js'
import { type ZipFileEntry, zipFile } from './zip-file.js'

const archive = (entries: ZipFileEntry[]) => documentFile('files.zip', zipFile(entries))
const from = async (entries: ZipFileEntry[]) => toMarkdown({ path: await archive(entries) })

function nested(levels: number): Buffer {
  let content = zipFile([{ name: 'a.txt', content: 'innermost' }])
  for (let level = 1; level < levels; level++) {
    content = zipFile([{ name: 'inner.zip', content }])
  }
  return content
}

describe('ZIP', () => {
  it('has each file under a heading, with its own headings below', async () => {
    const markdown = await from([
      { name: 'docs/', content: '' },
      { name: 'docs/readme.md', content: '# Title\n\ntext\n\n```\n# code\n```\n' },
      { name: 't.csv', content: 'a,b\n1,2\n' },
    ])
    expect(markdown).toBe(
      '# docs/readme.md\n\n## Title\n\ntext\n\n```\n# code\n```\n\n# t.csv\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n',
    )
  })

  it('names the files that cannot be converted and goes on', async () => {
    const markdown = await from([
      { name: 'a.dat', content: 'x' },
      { name: 'empty.txt' },
      { name: 'broken.json', content: '{' },
      { name: 'b.txt', content: 'fine' },
    ])
    const wanted = [
      '# a.dat\n\n*Not converted: the format .dat is not supported*\n',
      '# empty.txt\n\n*Not converted: is empty',
      '# broken.json\n\n*Not converted: is no valid JSON',
      '# b.txt\n\nfine\n',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
  })

  it('leaves out what operating systems add', async () => {
    const names = ['__MACOSX/._a.txt', '.DS_Store', 'Thumbs.db']
    expect(
      await from([...names.map((name) => ({ name, content: 'x' })), { name: 'a.txt', content: 'a' }]),
    ).toBe('# a.txt\n\na\n')
  })

  it('tells progress by files', async () => {
    const messages: (string | undefined)[] = []
    const path = await archive(['a.txt', 'b.txt'].map((name) => ({ name, content: name })))
    await convert({ path }, { progress: ({ message }) => messages.push(message) })
    expect(messages).toEqual(['file 1 of 2', 'file 2 of 2'])
  })

  it('stops when it is aborted', async () => {
    const path = await archive(['a.txt', 'b.txt'].map((name) => ({ name, content: name })))
    const abort = new AbortController()
    const progress = () => abort.abort(new Error('enough'))
    await expect(convert({ path }, { signal: abort.signal, progress })).rejects.toThrow('enough')
  })

  it('converts the documents in it', async () => {
    const epub = await readFile(sample('test.epub'))
    const markdown = await from([{ name: 'book.epub', content: epub }])
    expect(markdown).toMatch(/^# book\.epub\n\n## Chapter 1: Test Content\n/)
  })

  it('converts archives in archives, down to a limit', async () => {
    expect(await toMarkdown({ path: await documentFile('a.zip', nested(3)) })).toContain('innermost')
    const deep = await toMarkdown({ path: await documentFile('a.zip', nested(7)) })
    expect(deep).toMatch(/Not converted: lies more than 4 files deep/)
  })

  it('counts the files of inner archives against the same limit', async () => {
    const inner = zipFile(['a.txt', 'b.txt'].map((name) => ({ name, content: name })))
    const path = await archive(['1.zip', '2.zip', '3.zip'].map((name) => ({ name, content: inner })))
    const { markdown } = await convert({ path, maxArchiveEntries: 5 })
    expect(markdown).toContain('raise the option maxArchiveEntries')
    expect(markdown.match(/^## [ab]\.txt$/gm)?.length).toBeLessThan(4)
  })

  it('is refused over its limits before anything is unpacked, with the option’s name', async () => {
    const path = await archive([{ name: 'a.txt', declaredSize: 2_000_000 }, { name: 'b.txt' }])
    await expect(convert({ path, maxUnpackedBytes: 1_000_000 })).rejects.toThrow(
      /unpacks to 1\.91 MB, .*maxUnpackedBytes/,
    )
    await expect(convert({ path, maxArchiveEntries: 1 })).rejects.toThrow(
      /holds 2 files, .*maxArchiveEntries/,
    )
    await expect(convert({ path, maxFileBytes: 10 })).rejects.toThrow(/maxFileBytes/)
  })

  it('takes what comes to its limits exactly, and names the limit that what is in it goes over', async () => {
    const path = await archive([{ name: 'README', content: '0123456789' }, { name: 'b.txt' }])
    const over = await toMarkdown({ path, maxUnpackedBytes: 10 })
    expect(over).toMatch(
      /^# README\n\n0123456789\n\n# b\.txt\n\n\*Not converted: unpacks to too much; raise the option maxUnpackedBytes\*\n$/,
    )
  })

  it('stops in the middle of a document in it when it is aborted, and leaves no file behind', async () => {
    const slides = Array.from({ length: 300 }, () => ({ shapes: '' }))
    const path = await archive([{ name: 'deck.pptx', content: presentationFile(slides) }])
    const temporary = await temporaryFolder()
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => void vi.unstubAllEnvs())
    const abort = new AbortController()
    const watcher = watch(temporary, () => abort.abort(new Error('enough')))
    onTestFinished(() => watcher.close())
    await expect(convert({ path }, { signal: abort.signal })).rejects.toThrow('enough')
    expect(await readdir(temporary)).toEqual([])
  })

  it('does not believe a directory that declares less than there is', async () => {
    const markdown = await from([
      { name: 'a.txt', content: 'x'.repeat(1_000), declaredSize: 10 },
      { name: 'b.txt', content: 'b' },
    ])
    expect(
      outOfOrder(markdown, ['# a.txt\n\n*Not converted: the a.txt is damaged', '# b.txt\n\nb\n']),
    ).toEqual([])
  })

  it('is nothing where it holds nothing', async () => {
    expect(await from([])).toBe('\n')
  })
})
