import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { documents, endWorker, raincheck, samples } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** Two good documents, one below the other, a bad one, a hidden one and one of no format. */
async function folder(): Promise<string> {
  const home = await temporaryFolder()
  await mkdir(join(home, 'in/deep'), { recursive: true })
  await copyFile(`${documents}article.html`, join(home, 'in/article.html'))
  await copyFile(`${documents}minutes.docx`, join(home, 'in/deep/minutes.docx'))
  await copyFile(`${documents}article.html`, join(home, 'in/.hidden.html'))
  await copyFile(`${samples}random.bin`, join(home, 'in/random.bin'))
  return home
}

async function withBadOne(): Promise<string> {
  const home = await folder()
  const docx = await readFile(`${documents}report.docx`)
  await writeFile(join(home, 'in/cut.docx'), docx.subarray(0, docx.length / 2))
  return home
}

async function statuses(home: string): Promise<Set<string>> {
  const { stdout } = await raincheck(home, ['status', 'all', '--name', 'convert', '--json'])
  return new Set(JSON.parse(stdout).map(({ status }: { status: string }) => status))
}

describe('raincheck convert <folder>', () => {
  it('keeps sub-folders under -o, and counts what it skips', async () => {
    const home = await folder()
    const { stdout, stderr, exitCode } = await raincheck(home, ['convert', 'in', '-o', 'out'])
    expect(stdout).toBe(`${home}/out/article.md\n${home}/out/deep/minutes.md\n`)
    expect(stderr).toBe('raincheck: skipped 1 hidden and 1 of a format that is not supported\n')
    expect(exitCode).toBe(0)
    expect(await readdir(join(home, 'out/deep'))).toEqual(['minutes.md'])
  })

  it('writes beside each document without -o, also by a pattern', async () => {
    const home = await folder()
    const { stdout } = await raincheck(home, ['convert', 'in/**/*.docx'])
    expect(stdout).toBe(`${home}/in/deep/minutes.md\n`)
    expect(await raincheck(home, ['convert', 'in/**/*.odt'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('in/**/*.odt matches no document'),
    })
  })

  it('fails the bad one alone, names it in the end, and ends with 6', async () => {
    const home = await withBadOne()
    const { stdout, stderr, exitCode } = await raincheck(home, ['in', '-o', 'out'])
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect(stderr).toContain(`raincheck: 1 of 3 failed: ${home}/in/cut.docx\n`)
    expect(exitCode).toBe(6)
  })

  it('ends at the first that fails with --fail-fast', async () => {
    const home = await withBadOne()
    for (const name of ['x1', 'x2', 'x3', 'x4'])
      await copyFile(`${documents}handbook.pdf`, join(home, 'in', `${name}.pdf`))
    const { exitCode } = await raincheck(home, ['convert', 'in', '-o', 'out', '--fail-fast'])
    expect(exitCode).not.toBe(0)
    const written = await readdir(join(home, 'out')).catch(() => [])
    expect(written.filter((name) => name.startsWith('x'))).toEqual([])
  })

  it('keeps the extension in the names of those that differ by it alone', async () => {
    const home = await folder()
    await copyFile(`${documents}report.docx`, join(home, 'in/article.docx'))
    const { exitCode } = await raincheck(home, ['convert', 'in', '-o', 'out'])
    expect(exitCode).toBe(0)
    const written = await readdir(join(home, 'out'))
    expect(written).toEqual(expect.arrayContaining(['article.docx.md', 'article.html.md']))
    expect(written).not.toContain('article.md')
  })
})

describe('raincheck <folder> --background', () => {
  it('is one task: its ref alone on stdout, its files as progress, a list as its result', async () => {
    const home = await withBadOne()
    const { stdout, stderr, exitCode } = await raincheck(home, ['in', '-o', 'out', '--background'])
    const ref = stdout.trim()
    expect(ref).toMatch(/^rc_[0-9A-Za-z]{22}$/)
    expect(stderr).toContain(`Task started: ${ref}. Check status with: raincheck status ${ref}\n`)
    expect(exitCode).toBe(0)
    const waited = await raincheck(home, ['wait', ref])
    expect(waited.exitCode).toBe(6)
    expect(waited.stdout).toBe(`in: 3 documents: complete, but for 1 of 3 (raincheck result ${ref})\n`)
    const { files, failed } = JSON.parse((await raincheck(home, ['result', ref])).stdout)
    expect(failed).toBe(1)
    expect(files.map(({ status }: { status: string }) => status).sort()).toEqual([
      'complete',
      'complete',
      'failed',
    ])
    expect(await readFile(join(home, 'out/deep/minutes.md'), 'utf8')).toMatch(/^# /m)
    await endWorker(home)
  })

  it('is cancelled with all its documents', async () => {
    const home = await temporaryFolder()
    await mkdir(join(home, 'in'))
    const handbook = await readFile(`${documents}handbook.pdf`)
    // Each with a content of its own, or they would be one conversion.
    for (let n = 0; n < 8; n++)
      await writeFile(join(home, 'in', `${n}.pdf`), Buffer.concat([handbook, Buffer.from(`\n% ${n}\n`)]))
    const ref = (await raincheck(home, ['in', '-o', 'out', '--bg'])).stdout.trim()
    const rain = createRaincheck({ store: `sqlite:${home}/data/raincheck.db` })
    const current = async () => ({ progress: undefined, ...(await rain.poll(ref)) }).progress?.current
    await vi.waitUntil(current, { timeout: 25_000, interval: 50 })
    await rain.close()
    const { stdout } = await raincheck(home, ['--status', ref, '--json'])
    expect(JSON.parse(stdout).progress.current).toBeGreaterThan(0)
    expect((await raincheck(home, ['--cancel', ref])).exitCode).toBe(0)
    expect(await raincheck(home, ['wait', ref])).toMatchObject({
      exitCode: 5,
      stdout: 'in: 8 documents: cancelled\n',
    })
    // The worker learns of it within a second.
    await expect.poll(() => statuses(home), { timeout: 10_000 }).toEqual(new Set(['complete', 'cancelled']))
    const written = (await readdir(join(home, 'out'))).length
    expect(written).toBeLessThan(8)
    await endWorker(home)
    expect(await readdir(join(home, 'out'))).toHaveLength(written)
  })
})
