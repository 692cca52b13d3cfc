import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Keyv } from 'keyv'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
// The built package: a child process of the pool cannot load TypeScript.
import { openBundled } from '../../../dist/program/documents/open-bundled.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let bundled: ReturnType<typeof openBundled>
beforeAll(() => {
  bundled = openBundled('test', { store: new Keyv() })
})
afterAll(() => bundled.rain.close())

const plain = { conversion: {}, frontMatter: false, force: false }

/** A folder with files of these names, each with its name as its text. */
async function folderWith(...names: string[]): Promise<string> {
  const home = await temporaryFolder()
  await Promise.all(names.map((name) => writeFile(join(home, name), name)))
  return home
}

describe('a document that the worker writes to a file', () => {
  const job = (home: string) => ({ ...plain, source: join(home, 'a.txt'), output: join(home, 'out/a.md') })

  it('may be written again when its task is run again, and is the same', async () => {
    const home = await folderWith('a.txt')
    for (const _ of ['first', 'again']) await bundled.convertFile.value(job(home))
    expect(await readdir(join(home, 'out'))).toEqual(['a.md'])
    expect(await readFile(join(home, 'out/a.md'), 'utf8')).toBe('a.txt\n')
  })

  it('never replaces what somebody else wrote there since it was asked for', async () => {
    const home = await folderWith('a.txt')
    await mkdir(join(home, 'out'))
    await writeFile(join(home, 'out/a.md'), 'mine')
    await expect(bundled.convertFile.value(job(home))).rejects.toThrow(
      /a\.md exists; overwrite it with --force/,
    )
    expect(await readFile(join(home, 'out/a.md'), 'utf8')).toBe('mine')
    await bundled.convertFile.value({ ...job(home), force: true })
    expect(await readFile(join(home, 'out/a.md'), 'utf8')).toBe('a.txt\n')
  })

  it('is not written through a link that leads nowhere', async () => {
    const home = await folderWith('a.txt')
    await mkdir(join(home, 'out'))
    await symlink(join(home, 'elsewhere.md'), join(home, 'out/a.md'))
    await expect(bundled.convertFile.value(job(home))).rejects.toThrow(/a\.md exists/)
    expect(await readdir(home)).toEqual(['a.txt', 'out'])
  })
})

describe('a cancel of a task that converts a document', () => {
  it('cancels the conversion, also when it comes while that begins', async () => {
    const home = await folderWith('a.txt')
    const { rain, convertFile } = openBundled('test', { store: new Keyv() })
    onTestFinished(() => rain.close({ drain: 0 }))
    rain.on('start', ({ name, ref }) => {
      if (name === 'convert-file') rain.on('miss', () => void rain.cancel(ref))
    })
    const job = { ...plain, source: join(home, 'a.txt'), output: join(home, 'a.md') }
    await expect(convertFile.value(job)).rejects.toMatchObject({ code: 'CANCELLED' })
    const { tasks } = await rain.list()
    expect(tasks.map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
  })
})

describe('documents that the worker writes to files', () => {
  const input = (home: string, names: string[], more: object = {}) => ({
    ...{ ...plain, title: 'documents', failFast: false },
    files: names.map((name) => ({ source: join(home, name), output: join(home, `${name}.md`) })),
    ...more,
  })

  it('each fail alone, also by a folder where its file would be', async () => {
    const home = await folderWith('a.txt', 'b.txt')
    await mkdir(join(home, 'a.txt.md'))
    expect(await bundled.convertFiles.value(input(home, ['a.txt', 'b.txt'], { force: true }))).toMatchObject({
      failed: 1,
      files: [
        {
          status: 'failed',
          error: { message: `${home}/a.txt.md is a folder; write elsewhere with -o <dir>` },
        },
        { status: 'complete', output: `${home}/b.txt.md` },
      ],
    })
  })

  it('take the place of a link that leads nowhere, which they are not written through', async () => {
    const home = await folderWith('a.txt')
    await symlink(join(home, 'elsewhere.md'), join(home, 'a.txt.md'))
    const { failed } = await bundled.convertFiles.value(input(home, ['a.txt'], { force: true }))
    expect(failed).toBe(0)
    expect(await readdir(home)).toEqual(['a.txt', 'a.txt.md'])
    expect((await lstat(join(home, 'a.txt.md'))).isFile()).toBe(true)
  })

  it('fail together when none can be converted, with the first reasons', async () => {
    const home = await folderWith('a.xyz')
    const names = ['a.xyz', '1.txt', '2.txt', '3.txt']
    const failed = bundled.convertFiles.value(input(home, names))
    await expect(failed).rejects.toThrow(
      /^none of 4 documents could be converted: .*a\.xyz: the format \.xyz is not supported.*1\.txt: no such file.*2\.txt: no such file; check the path$/,
    )
  })

  it('end at the first that fails where that is asked for, and begin no more', async () => {
    const good = Array.from({ length: 40 }, (_, n) => `${n}.txt`)
    const home = await folderWith(...good)
    const files = ['gone.txt', ...good]
    await expect(bundled.convertFiles.value(input(home, files, { failFast: true }))).rejects.toThrow(
      /gone\.txt: no such file/,
    )
    const written = (await readdir(home)).filter((name) => name.endsWith('.md'))
    expect(written.length).toBeLessThan(good.length)
  })
})

describe('a batch of documents', () => {
  const batch = (...paths: string[]) => bundled.convertBatch.value({ title: 'batch', paths, conversion: {} })

  it('is refused without a document, and when there are more than an answer can tell of', async () => {
    await expect(batch(await folderWith('a.xyz'))).rejects.toThrow(
      'there is no document to convert; name others',
    )
    const many = await folderWith(...Array.from({ length: 201 }, (_, n) => `${n}.txt`))
    await expect(batch(many)).rejects.toThrow(
      'there are 201 documents, over the limit of 200 at once; name some of them, or a sub-folder',
    )
  })

  it('passes over a document that has become a link since its path was checked', async () => {
    const home = await folderWith('a.txt', 'secret.txt')
    await symlink(join(home, 'secret.txt'), join(home, 'b.txt'))
    const { documents } = await batch(join(home, 'a.txt'), join(home, 'b.txt'))
    expect(documents.map(({ path }) => path)).toEqual([join(home, 'a.txt')])
  })

  it('has each document once, also when it is named and in a folder', async () => {
    const home = await folderWith('a.txt', 'b.txt')
    const { documents } = await batch(join(home, 'b.txt'), home, home)
    expect(documents.map(({ path }) => path)).toEqual([join(home, 'b.txt'), join(home, 'a.txt')])
  })
})
