import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { documents, endWorker, processesOf, raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const handbook = `${documents}handbook.pdf`

/** The commands of one test, and the worker they start, get it. */
function setVariable(name: string, value: string): void {
  vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

/** Its conversion takes about 320 MB. */
async function homeWithLargePage(): Promise<string> {
  const home = await temporaryFolder()
  const rows = '<tr><td>Drizzle</td><td>0.4 mm</td></tr>\n'.repeat(120_000)
  await writeFile(join(home, 'large.html'), `<html><body><table>${rows}</table></body></html>`)
  return home
}

const tooLong =
  /handbook\.pdf: its conversion took longer than 0\.001 s; raise RAINCHECK_CONVERT_TIMEOUT \(or --timeout\)/

const tooMuch = /large\.html: .*needed more than 128 MB; raise RAINCHECK_CONVERT_MEMORY \(or --max-memory\)/

describe('the limits of a conversion', () => {
  it('--timeout ends one that takes longer, and says how to raise it', async () => {
    const home = await temporaryFolder()
    const ended = await raincheck(home, ['convert', handbook, '-o', 'out', '--timeout', '1ms', '--json'])
    expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(tooLong) })
    expect(JSON.parse(ended.stdout)).toMatchObject([{ status: 'failed', error: { code: 'TIMEOUT' } }])
    expect(await readdir(home)).not.toContain('out')
    if (process.platform === 'linux') expect(processesOf(home)).toEqual([])
  })

  it('--max-memory ends one that needs more, and says how to raise it', async () => {
    const home = await homeWithLargePage()
    const ended = await raincheck(home, ['convert', 'large.html', '--max-memory', '128', '--json'])
    expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(tooMuch) })
    expect(JSON.parse(ended.stdout)).toMatchObject([{ status: 'failed', error: { code: 'CRASHED' } }])
    expect(await readdir(home)).not.toContain('large.md')
  })

  it('are read from the environment, also by the worker', async () => {
    const home = await homeWithLargePage()
    setVariable('RAINCHECK_CONVERT_TIMEOUT', '1ms')
    const slow = await raincheck(home, ['convert', handbook, '-o', 'out', '--async-timeout', '1m'])
    expect(slow).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(tooLong) })
    await endWorker(home)
    setVariable('RAINCHECK_CONVERT_TIMEOUT', '')
    setVariable('RAINCHECK_CONVERT_MEMORY', '128')
    const large = await raincheck(home, ['convert', 'large.html', '--async-timeout', '1m'])
    expect(large).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(tooMuch) })
    await endWorker(home)
  })

  it.each([
    ['--timeout', '1m', 'RAINCHECK_CONVERT_TIMEOUT'],
    ['--max-memory', '2000', 'RAINCHECK_CONVERT_MEMORY'],
  ])('%s is refused in the background, with the name of the variable', async (flag, value, variable) => {
    const home = await temporaryFolder()
    for (const background of [['--bg'], ['--async-timeout', '1s']]) {
      const ended = await raincheck(home, ['convert', handbook, '-o', 'out', flag, value, ...background])
      expect(ended).toMatchObject({ stdout: '', exitCode: 2 })
      expect(ended.stderr).toContain(`${flag} is for documents converted in the foreground`)
      expect(ended.stderr).toContain(`set ${variable}`)
    }
    expect(await readdir(home)).toEqual([])
  })

  it.each([
    [
      'RAINCHECK_CONVERT_TIMEOUT',
      'soon',
      "must be a time of more than 0 and less than 25 days, such as '90s'",
    ],
    ['RAINCHECK_CONVERT_TIMEOUT', '0s', 'must be a time of more than 0'],
    ['RAINCHECK_CONVERT_TIMEOUT', '600000', 'must be a time of more than 0'],
    ['RAINCHECK_CONVERT_MEMORY', '1GB', 'must be a whole number of MB, 128 or more'],
    ['RAINCHECK_CONVERT_MEMORY', '100', 'must be a whole number of MB, 128 or more'],
  ])('%s=%s is refused by name', async (name, value, expected) => {
    setVariable(name, value)
    const home = await temporaryFolder()
    for (const more of [[], ['--bg']]) {
      const ended = await raincheck(home, ['convert', handbook, '-o', 'out', ...more])
      expect(ended).toMatchObject({ stdout: '', exitCode: 1 })
      expect(ended.stderr).toMatch(new RegExp(`^raincheck: ${name} ${expected}.*, got '${value}'\n$`))
    }
  })

  it.each([
    ['--timeout', '0s', 'Give a time of more than 0'],
    ['--timeout', '30d', 'Give a time of more than 0 and less than 25 days'],
    ['--max-memory', '1.5', 'Give a whole number of MB'],
  ])('%s %s is refused by name', async (flag, value, expected) => {
    const ended = await raincheck(await temporaryFolder(), ['convert', handbook, flag, value])
    expect(ended).toMatchObject({ stdout: '', exitCode: 2 })
    expect(ended.stderr).toContain(`option '${flag}`)
    expect(ended.stderr).toContain(expected)
  })
})
