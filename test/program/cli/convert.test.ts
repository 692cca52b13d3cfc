import { copyFile, link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documents, raincheck, samples } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function folderWith(...files: string[]): Promise<string> {
  const folder = await temporaryFolder()
  for (const file of files) await copyFile(file, join(folder, file.slice(file.lastIndexOf('/') + 1)))
  return folder
}

describe('raincheck convert', () => {
  it('writes <name>.md beside the document and prints its path', async () => {
    const home = await folderWith(`${documents}article.html`)
    const { stdout, stderr, exitCode } = await raincheck(home, ['convert', 'article.html'])
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: `${home}/article.md\n`, stderr: '', exitCode: 0 })
    expect(await readFile(join(home, 'article.md'), 'utf8')).toMatch(
      /^---\n[^#]*\n---\n\n[\s\S]*^# How a valley counts its rain$/m,
    )
  })

  it('converts every sample and every example of a supported format', async () => {
    const home = await temporaryFolder()
    const names = ['test.docx', 'movie-theater-booking-2024.pdf', 'test_blog.html', 'test_wikipedia.html']
    const own = ['article.html', 'report.docx', 'handbook.pdf', 'minutes.docx', 'invoice.pdf']
    const files = [...names.map((name) => samples + name), ...own.map((name) => documents + name)]
    const { stdout, stderr, exitCode } = await raincheck(home, ['convert', ...files, '-o', 'out'])
    expect(stderr).toMatch(/^raincheck: [^\n]*test_wikipedia\.html: took out 6 hidden characters; [^\n]*\n$/)
    expect(exitCode).toBe(0)
    expect(stdout.trim().split('\n')).toEqual(
      files.map((file) => file.replace(/^.*\//, `${home}/out/`).replace(/\.[a-z]+$/, '.md')),
    )
    for (const path of stdout.trim().split('\n'))
      expect((await readFile(path, 'utf8')).length).toBeGreaterThan(500)
    const pdf = await raincheck(home, ['convert', `${samples}test.pdf`, '--stdout'])
    expect(pdf.stdout.length).toBeGreaterThan(500)
  })

  it('keeps what a person would look for', async () => {
    const home = await temporaryFolder()
    const { stdout } = await raincheck(home, ['convert', '--stdout', `${documents}report.docx`])
    expect(stdout).toMatch(/^# .+/m)
    expect(stdout).toMatch(/^## .+/m)
    expect(stdout).toMatch(/^\| -+ \|/m)
    expect(stdout).toMatch(/^ +- .+/m)
    expect(stdout).toMatch(/\[.+\]\(https?:.+\)/)
    expect(stdout).not.toMatch(/<[a-z]+[ >]|base64/)
  })

  it('prints the Markdown with --stdout and writes nothing', async () => {
    const home = await folderWith(`${samples}test_blog.html`)
    const { stdout, exitCode } = await raincheck(home, ['convert', '--stdout', 'test_blog.html'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('AutoGen')
    expect((await readdir(home)).sort()).toEqual(['data', 'test_blog.html'])
  })

  it('writes the file again from the store when the document is unchanged', async () => {
    const home = await folderWith(`${documents}minutes.docx`)
    const first = await raincheck(home, ['convert', 'minutes.docx', '--json'])
    await copyFile(join(home, 'minutes.docx'), join(home, 'copy.docx'))
    const second = await raincheck(home, ['convert', 'copy.docx', '--json'])
    expect(JSON.parse(second.stdout)[0].ref).toBe(JSON.parse(first.stdout)[0].ref)
    const [copy, original] = await Promise.all(
      ['copy.md', 'minutes.md'].map((name) => readFile(join(home, name), 'utf8')),
    )
    expect(copy).toBe(original?.replace('source: minutes.docx', 'source: copy.docx'))
  })

  it('tells with --json what became of each document', async () => {
    const home = await folderWith(`${documents}invoice.pdf`, `${samples}random.bin`)
    const { stdout, exitCode } = await raincheck(home, ['convert', 'invoice.pdf', 'random.bin', '--json'])
    expect(exitCode).toBe(6)
    expect(JSON.parse(stdout)).toEqual([
      {
        source: join(home, 'invoice.pdf'),
        status: 'complete',
        ref: expect.stringMatching(/^rc_[0-9A-Za-z]{22}$/),
        hiddenCharacters: 0,
        output: join(home, 'invoice.md'),
      },
      {
        source: join(home, 'random.bin'),
        status: 'failed',
        error: { code: 'FORMAT_UNSUPPORTED', message: expect.stringContaining('random.bin') },
      },
    ])
  })
})

describe('raincheck convert and files that exist', () => {
  it('keeps an existing file, and says how to overwrite it', async () => {
    const home = await folderWith(`${documents}article.html`)
    await writeFile(join(home, 'article.md'), 'mine')
    const { stdout, stderr, exitCode } = await raincheck(home, ['convert', 'article.html'])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
    expect(stderr).toMatch(/^raincheck: .*article\.md exists; .*--force.*\n$/)
    expect(await readFile(join(home, 'article.md'), 'utf8')).toBe('mine')
  })

  it('overwrites it with --force', async () => {
    const home = await folderWith(`${documents}article.html`)
    await writeFile(join(home, 'article.md'), 'mine')
    expect((await raincheck(home, ['convert', 'article.html', '--force'])).exitCode).toBe(0)
    expect(await readFile(join(home, 'article.md'), 'utf8')).toMatch(/^# /m)
  })

  it('never overwrites the document itself, even with --force', async () => {
    const home = await folderWith(`${documents}article.html`)
    await link(join(home, 'article.html'), join(home, 'article.md'))
    const before = await readFile(join(home, 'article.html'), 'utf8')
    const { stderr, exitCode } = await raincheck(home, ['convert', 'article.html', '--force'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('is the document itself')
    expect(await readFile(join(home, 'article.html'), 'utf8')).toBe(before)
  })

  it('tells before any work that two documents would be written to one file', async () => {
    const home = await folderWith(`${documents}article.html`)
    await mkdir(join(home, 'old'))
    await copyFile(`${documents}article.html`, join(home, 'old/article.html'))
    const names = ['article.html', 'old/article.html']
    const { stderr, exitCode } = await raincheck(home, ['convert', ...names, '-o', 'out'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /article\.html and .*old\/article\.html would both be written to .*article\.html\.md/,
    )
    expect((await readdir(home)).sort()).toEqual(['article.html', 'old'])
  })
})
