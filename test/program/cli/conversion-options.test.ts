import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { formats } from '../../../src/convert/index.js'
import { pdfOf } from '../../convert/pdf-file.js'
import { documents, endWorker, raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { once } from '../../support/when-done.js'

const page =
  '<html><head><title>On rain</title></head><body><h1>Rain</h1><p><img src="https://a.example/b.png" alt="A cloud"></p></body></html>'

async function homeWithPage(): Promise<string> {
  const home = await temporaryFolder()
  await writeFile(join(home, 'page.html'), page)
  return home
}

function frontMatterOf(markdown: string): unknown {
  return parse(/^---\n([\s\S]*?)\n---\n/.exec(markdown)?.[1] ?? '')
}

describe('front matter', () => {
  it('stands at the top of a file that is written', async () => {
    const home = await temporaryFolder()
    const startedAt = Date.now()
    await raincheck(home, ['convert', `${documents}minutes.docx`, '-o', 'out'])
    const written = await readFile(join(home, 'out/minutes.md'), 'utf8')
    expect(frontMatterOf(written)).toEqual({
      title: 'Minutes of the spring meeting',
      author: 'Drizzle Valley Rain Gauge Network',
      format: 'docx',
      source: 'minutes.docx',
      converted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    })
    const { converted_at } = frontMatterOf(written) as { converted_at: string }
    expect(Date.parse(converted_at)).toBeGreaterThanOrEqual(startedAt)
    expect(written).toMatch(/\n---\n\n# Minutes of the spring meeting\n/)
  })

  it('is left out with --no-front-matter, and never printed or kept', async () => {
    const home = await homeWithPage()
    const bare = '# Rain\n\n![A cloud](https://a.example/b.png)\n'
    const [{ ref }] = JSON.parse((await raincheck(home, ['convert', 'page.html', '--json'])).stdout)
    expect((await raincheck(home, ['result', ref])).stdout).toBe(bare)
    expect((await raincheck(home, ['convert', 'page.html', '--stdout'])).stdout).toBe(bare)
    await raincheck(home, ['convert', 'page.html', '--no-front-matter', '--force'])
    expect(await readFile(join(home, 'page.md'), 'utf8')).toBe(bare)
  })

  it('tells when the conversion was done, so that a task which is run again finds what it wrote', async () => {
    const home = await homeWithPage()
    const job = { source: join(home, 'page.html'), output: join(home, 'page.md') }
    const input = JSON.stringify({ ...job, conversion: {}, frontMatter: true, force: false })
    expect((await raincheck(home, ['run', 'convert-file', input])).exitCode).toBe(0)
    const written = await readFile(job.output, 'utf8')
    expect(written).toMatch(/^---\ntitle: On rain\n/)
    expect(await raincheck(home, ['run', 'convert-file', input])).toMatchObject({ stderr: '', exitCode: 0 })
    expect(await readFile(job.output, 'utf8')).toBe(written)
  })
})

describe('options of a conversion', () => {
  it('are a part of the key', async () => {
    const home = await homeWithPage()
    const stripped = () => raincheck(home, ['convert', 'page.html', '--remote-images', 'strip', '--stdout'])
    const kept = () => raincheck(home, ['convert', 'page.html', '--stdout'])
    expect((await stripped()).stdout).toBe('# Rain\n\n![A cloud](image)\n')
    expect((await kept()).stdout).toContain('(https://a.example/b.png)')
    const json = await raincheck(home, ['status', 'all', '--name', 'convert', '--json'])
    expect(JSON.parse(json.stdout)).toHaveLength(2)
    await stripped()
    const again = await raincheck(home, ['status', 'all', '--name', 'convert', '--json'])
    expect(JSON.parse(again.stdout)).toHaveLength(2)
  })

  it('go into the background with one document', async () => {
    const home = await homeWithPage()
    const options = ['--remote-images', 'strip', '--no-front-matter']
    const { stdout } = await raincheck(home, ['convert', 'page.html', '--bg', ...options])
    await raincheck(home, ['wait', stdout.trim()])
    expect(await readFile(join(home, 'page.md'), 'utf8')).toBe('# Rain\n\n![A cloud](image)\n')
    await endWorker(home)
  })

  it('go into the background with a folder, as the front matter does', async () => {
    const home = await temporaryFolder()
    await mkdir(join(home, 'in'))
    await writeFile(join(home, 'in/page.html'), page)
    await copyFile(`${documents}invoice.pdf`, join(home, 'in/invoice.pdf'))
    const { stdout } = await raincheck(home, ['in', '-o', 'out', '--bg', '--remote-images', 'strip'])
    expect((await raincheck(home, ['wait', stdout.trim()])).exitCode).toBe(0)
    const written = await readFile(join(home, 'out/page.md'), 'utf8')
    expect(frontMatterOf(written)).toMatchObject({ title: 'On rain', source: 'page.html' })
    expect(written).toContain('![A cloud](image)')
    await endWorker(home)
  })

  it('break the pages of a PDF', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'pages.pdf'), pdfOf(3))
    const rules = async (...options: string[]) => {
      const { stdout } = await raincheck(home, ['convert', 'pages.pdf', '--stdout', ...options])
      return stdout.match(/^---$/gm)?.length ?? 0
    }
    expect(await rules()).toBe(0)
    expect(await rules('--page-breaks')).toBe(2)
  })

  const refusing = once(temporaryFolder)
  afterAll(() => endWorker(refusing()))

  it.each([
    ['--max-file-bytes', '1kB', 'report.docx', /over the limit of 1 kB; .*maxFileBytes/],
    ['--max-unpacked-bytes', '2kB', 'report.docx', /over the limit of 2 kB; .*maxUnpackedBytes/],
    ['--max-archive-entries', '2', 'report.docx', /over the limit of 2; .*maxArchiveEntries/],
    ['--max-pages', '5', 'handbook.pdf', /has 123 pages, over the limit of 5; .*maxPages/],
  ])('%s %s refuses %s, also for the worker', async (option, most, document, message) => {
    // One worker is enough for all.
    const home = refusing()
    const args = ['convert', `${documents}${document}`, '-o', 'out', option, most]
    expect(await raincheck(home, args)).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(message) })
    const later = await raincheck(home, [...args, '--async-timeout', '1h'])
    expect(later).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(message) })
    expect(await readdir(home)).not.toContain('out')
  })
})

describe('Markdown in a folder', () => {
  it('is skipped, so that a folder can be converted again', async () => {
    const home = await temporaryFolder()
    await mkdir(join(home, 'in'))
    await writeFile(join(home, 'in/page.html'), page)
    await raincheck(home, ['convert', 'in'])
    expect(await raincheck(home, ['convert', 'in', '--force'])).toEqual({
      stdout: `${home}/in/page.md\n`,
      stderr: 'raincheck: skipped 1 in Markdown already\n',
      exitCode: 0,
    })
  })

  it('is converted when it is named, elsewhere', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'notes.md'), '# Notes\n')
    const beside = await raincheck(home, ['convert', 'notes.md', '--force'])
    expect(beside.stderr).toMatch(/notes\.md is the document itself; write elsewhere/)
    expect((await raincheck(home, ['convert', 'notes.md', '-o', 'out'])).exitCode).toBe(0)
    expect(await readFile(join(home, 'out/notes.md'), 'utf8')).toMatch(/^---\nformat: markdown\n/)
  })
})

describe('raincheck formats', () => {
  it('lists each format with its extensions, a line each', async () => {
    const { stdout, stderr, exitCode } = await raincheck(await temporaryFolder(), ['formats'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(formats.length)
    for (const line of ['html +.html .htm .xhtml', 'docx +.docx', 'msg +.msg', 'zip +.zip'])
      expect(stdout).toMatch(new RegExp(`^${line.replaceAll('.', '\\.')}$`, 'm'))
  })

  it('lists them as JSON', async () => {
    const { stdout } = await raincheck(await temporaryFolder(), ['formats', '--json'])
    expect(JSON.parse(stdout)).toEqual(formats)
  })
})

describe('hidden characters', () => {
  const homeWith = async (text: string) => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'page.html'), `<html><body><p>${text}</p></body></html>`)
    return home
  }

  it('are taken out, and told', async () => {
    const home = await homeWith('a\u200bb\u202ec')
    const ended = await raincheck(home, ['convert', 'page.html', '--stdout'])
    const line = `raincheck: ${home}/page.html: took out 2 hidden characters; --keep-hidden leaves them in\n`
    expect(ended).toEqual({ stdout: 'abc\n', stderr: line, exitCode: 0 })
    const json = await raincheck(home, ['convert', 'page.html', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject([{ status: 'complete', hiddenCharacters: 2 }])
  })

  it('are told of documents that the worker converted', async () => {
    const home = await homeWith('a\u200bb')
    await writeFile(join(home, 'plain.txt'), 'plain')
    const ended = await raincheck(home, [
      'convert',
      'page.html',
      'plain.txt',
      '--async-timeout',
      '1m',
      '--json',
    ])
    expect(ended.stderr).toMatch(/^raincheck: .*page\.html: took out 1 hidden character; [^\n]*\n$/)
    expect(JSON.parse(ended.stdout)).toMatchObject([{ hiddenCharacters: 1 }, { hiddenCharacters: 0 }])
    await endWorker(home)
  })

  it('stay with --keep-hidden', async () => {
    const home = await homeWith('a\u200bb')
    const ended = await raincheck(home, ['convert', 'page.html', '--stdout', '--keep-hidden'])
    expect(ended).toEqual({ stdout: 'a\u200bb\n', stderr: '', exitCode: 0 })
  })
})
