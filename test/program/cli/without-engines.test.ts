import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { outlookFile } from '../../convert/message-file.js'
import { odfFile } from '../../convert/odf-file.js'
import { binary, type Ended, runToEnd, samples } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const fixture = new URL('../../fixtures/without-optional.mjs', import.meta.url).href
const library = pathToFileURL(join(binary, '../../../index.js')).href

/** The built binary, and its children, where no optional dependency is installed. */
const bareRaincheck = (home: string, args: string[]): Promise<Ended> =>
  runToEnd(process.execPath, ['--import', fixture, binary, ...args], home)

const HTML = '@kreuzberg/html-to-markdown-node'
const copied = {
  'test_blog.html': HTML,
  'test.rtf': HTML,
  'test.docx': 'dingbat-to-unicode',
  'test.pptx': 'saxes',
  'test.xlsx': 'saxes',
  'test.epub': 'saxes',
  'test.pdf': 'unpdf',
  'test_mskanji.csv': 'papaparse',
}
const written: Record<string, [string, string | Uint8Array]> = {
  'text.odt': ['saxes', odfFile('text', '<text:p>rain</text:p>')],
  'book.ods': ['saxes', odfFile('spreadsheet', '<table:table/>')],
  'show.odp': ['saxes', odfFile('presentation', '<draw:page/>')],
  'mail.eml': ['postal-mime', 'From: a@example.org\nTo: b@example.org\nSubject: Rain\n\nIt fell.\n'],
  'note.msg': ['@kenjiuno/msgreader', outlookFile({ properties: [['0037001F', 'Rain']] })],
  'table.tsv': ['papaparse', 'a\tb\n1\t2\n'],
  'news.rss': ['saxes', '<rss version="2.0"><channel><title>Rain</title></channel></rss>'],
  'page.md': ['yaml', '---\ntitle: Rain\n---\nIt fell.\n'],
  'latin.txt': ['chardet', Buffer.from('d\xe9j\xe0 vu, na\xefve caf\xe9\n', 'latin1')],
}

describe('without the optional dependencies', () => {
  it('each kind of document that needs a package fails with its name and the command that installs it', async () => {
    const home = await temporaryFolder()
    const packages = new Map<string, string>(Object.entries(copied))
    for (const name of Object.keys(copied)) await copyFile(`${samples}${name}`, join(home, name))
    for (const [name, [needed, content]] of Object.entries(written)) {
      await writeFile(join(home, name), content)
      packages.set(name, needed)
    }
    const { stdout, stderr } = await bareRaincheck(home, ['convert', ...packages.keys(), '--stdout'])
    expect(stdout).toBe('')
    for (const [name, needed] of packages)
      expect(stderr).toContain(
        `${name}: converting it needs the package ${needed}; run: npm install ${needed}\n`,
      )
  })

  it('what needs none is converted, with front matter of plain words; yaml writes any other', async () => {
    const home = await temporaryFolder()
    await mkdir(join(home, 'in'))
    const texts = {
      'a.txt': 'rain',
      'b.md': '# Rain',
      'c.json': '{"rain":1}',
      'd.yaml': 'rain: 1',
      'e.xml': '<a/>',
    }
    for (const [name, text] of Object.entries(texts)) await writeFile(join(home, 'in', name), text)
    const files = Object.keys(texts).map((name) => `in/${name}`)
    expect(await bareRaincheck(home, ['convert', ...files, '-o', 'out', '--no-front-matter'])).toMatchObject({
      exitCode: 0,
      stderr: '',
    })
    expect(await readFile(join(home, 'out/b.md'), 'utf8')).toBe('# Rain\n')
    expect(await bareRaincheck(home, ['convert', 'in/a.txt'])).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await readFile(join(home, 'in/a.md'), 'utf8')).toMatch(/^---\nformat: text\nsource: a\.txt\n/)
    await writeFile(join(home, "rain's.txt"), 'rain')
    const { stderr } = await bareRaincheck(home, ['convert', "rain's.txt"])
    expect(stderr).toContain('needs the package yaml; run: npm install yaml\n')
  })

  it('formats, run and status work', async () => {
    const home = await temporaryFolder()
    const functions = "{ square: { asyncTimeout: '5s', run: async ({ n }) => n * n } }"
    const config = `import { defineConfig } from '${library}'\nexport default defineConfig({ functions: ${functions} })\n`
    await writeFile(join(home, 'raincheck.config.mjs'), config)
    expect(await bareRaincheck(home, ['formats'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('.docx'),
    })
    expect(await bareRaincheck(home, ['run', 'square', '{"n":7}'])).toMatchObject({
      exitCode: 0,
      stdout: '49\n',
    })
    expect(await bareRaincheck(home, ['status', 'all'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^rc_\w+ +square .*complete/m),
    })
  })
})
