import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { endWorker, raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** A folder with pages of these names. */
async function homeWithPages(...names: string[]): Promise<string> {
  const home = await temporaryFolder()
  for (const name of names) {
    await mkdir(join(home, name, '..'), { recursive: true })
    await writeFile(join(home, name), `<h1>${name}</h1>`)
  }
  return home
}

describe('raincheck convert --background', () => {
  it('refuses to write over a file before any task exists, with --json as JSON', async () => {
    const home = await homeWithPages('page.html')
    await writeFile(join(home, 'page.md'), 'mine')
    const { stdout, stderr, exitCode } = await raincheck(home, ['convert', 'page.html', '--bg', '--json'])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^raincheck: .*page\.md exists; overwrite it with --force, [^\n]+\n$/)
    expect(JSON.parse(stdout)).toEqual([
      {
        source: join(home, 'page.html'),
        status: 'failed',
        error: { message: expect.stringContaining('page.md exists') },
      },
    ])
    expect((await raincheck(home, ['status'])).stdout).toBe('')
  })

  it('converts the others, and tells of what it refused at once', async () => {
    const home = await homeWithPages('a.html', 'b.html')
    await writeFile(join(home, 'a.md'), 'mine')
    const args = ['convert', 'a.html', 'b.html', '--async-timeout', '1m']
    const { stdout, stderr, exitCode } = await raincheck(home, args)
    expect({ stdout, exitCode }).toEqual({ stdout: `${home}/b.md\n`, exitCode: 6 })
    expect(stderr).toMatch(/a\.md exists; .*\n.*1 of 2 failed: .*a\.html\n$/)
    expect(await readFile(join(home, 'a.md'), 'utf8')).toBe('mine')
    await endWorker(home)
  })

  it('prints the Markdown of one document with --stdout, or a ref of it, and writes no file', async () => {
    const home = await homeWithPages('page.html')
    const soon = await raincheck(home, ['convert', 'page.html', '--stdout', '--async-timeout', '1m'])
    expect(soon).toEqual({ stdout: '# page.html\n', stderr: '', exitCode: 0 })
    const ref = (await raincheck(home, ['convert', 'page.html', '--stdout', '--bg'])).stdout.trim()
    expect((await raincheck(home, ['result', ref])).stdout).toBe('# page.html\n')
    expect(await readdir(home)).not.toContain('page.md')
    await endWorker(home)
  })

  it('takes one document with --stdout, and no more', async () => {
    const home = await homeWithPages('a.html', 'b.html')
    expect(await raincheck(home, ['convert', 'a.html', 'b.html', '--stdout', '--bg'])).toEqual({
      stdout: '',
      stderr: 'raincheck: in the background --stdout takes one document; leave it out, or name one\n',
      exitCode: 1,
    })
    expect((await raincheck(home, ['status'])).stdout).toBe('')
  })

  it('keeps the task where no worker can be started, and says what to do', async () => {
    const home = await homeWithPages('page.html')
    const log = join(home, 'data/raincheck-worker.log')
    await mkdir(log, { recursive: true })
    const { stdout, stderr, exitCode } = await raincheck(home, ['convert', 'page.html', '--bg'])
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(
      /^raincheck: the task is written, but no worker can be started: EISDIR: .*; mend that, then run any command\n/,
    )
    await rm(log, { recursive: true })
    expect((await raincheck(home, ['status'])).stdout).toContain('page.html: pending')
    expect((await raincheck(home, ['wait', stdout.trim()])).exitCode).toBe(0)
    expect(await readFile(join(home, 'page.md'), 'utf8')).toMatch(/^# page\.html$/m)
    await endWorker(home)
  })
})

describe('raincheck convert', () => {
  it('names the folders where there is no document', async () => {
    const home = await homeWithPages('in/.hidden.html', 'in/program.exe')
    await mkdir(join(home, 'empty'))
    expect(await raincheck(home, ['convert', 'in', 'empty'])).toEqual({
      stdout: '',
      stderr:
        'raincheck: skipped 1 hidden and 1 of a format that is not supported\nraincheck: in, empty: there is no document to convert\n',
      exitCode: 1,
    })
  })

  it('tells all documents that would be written to one file', async () => {
    const names = ['page.html', 'one/page.html', 'two/page.html']
    const home = await homeWithPages(...names)
    const { stderr, exitCode } = await raincheck(home, ['convert', ...names, '-o', 'out'])
    expect(exitCode).toBe(2)
    const [first, second, third] = names.map((name) => join(home, name))
    expect(stderr).toContain(`raincheck: ${first} and ${second} and ${third} would all be written to `)
  })
})
