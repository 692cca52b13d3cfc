import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { fixture } from '../../support/child.js'
import { binary, raincheck, runToEnd } from '../../support/cli.js'
import { startCommand } from '../../support/command.js'
import { isLong } from '../../support/long.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

describe('raincheck', () => {
  it.each(['--version', '-V'])('%s prints the version of the package', async (option) => {
    const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8'))
    expect(await raincheck(await temporaryFolder(), [option])).toEqual({
      stdout: `${version}\n`,
      stderr: '',
      exitCode: 0,
    })
  })

  it('--help names every command', async () => {
    const { stdout, exitCode } = await raincheck(await temporaryFolder(), ['--help'])
    expect(exitCode).toBe(0)
    for (const command of ['convert', 'formats', 'status', 'wait', 'result'])
      expect(stdout).toContain(`  ${command} `)
  })
})

describe('a driver that takes 6 s to load, as on a busy machine', () => {
  // Longer than any call of a store may take, and that is real time.
  it.skipIf(!isLong)('costs a command that wait, and no error', async () => {
    const home = await temporaryFolder()
    const variables = { NODE_OPTIONS: `--import ${root}test/fixtures/slow-driver.mjs` }
    const { stdout, stderr, exitCode } = await startCommand(home, ['queue'], variables).ended
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: '0 waiting, 0 running\n',
      stderr: '',
      exitCode: 0,
    })
  })
})

describe.skipIf(process.platform !== 'linux')('standard output', () => {
  it('that cannot be written fails with one line, and one that nobody reads any more does not', async () => {
    const home = await temporaryFolder()
    const shell = (script: string) => runToEnd('bash', ['-c', script], home)
    const command = `${process.execPath} ${binary} formats --json`
    expect(await shell(`${command} > /dev/full`)).toEqual({
      stdout: '',
      stderr: 'raincheck: standard output cannot be written: ENOSPC: no space left on device, write\n',
      exitCode: 1,
    })
    expect(await shell(`${command} | true; echo \${PIPESTATUS[0]}`)).toMatchObject({
      stdout: '0\n',
      stderr: '',
    })
  })
})

describe('the example behind npm start', () => {
  it('shows quick answers, a handoff with its ref, polls and the redeemed result', async () => {
    const home = await temporaryFolder()
    const { stdout, stderr, exitCode } = await runToEnd('node', [`${root}examples/documents.mjs`], home)
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    for (const name of ['article', 'report', 'minutes', 'invoice'])
      expect(stdout).toContain(`-> out/${name}.md`)
    expect(stdout).toMatch(/the ref rc_[0-9A-Za-z]{22}/)
    expect(stdout).toContain('poll: complete')
    expect(stdout).toContain('handbook.pdf -> out/handbook.md')
    expect(await readFile(`${root}out/handbook.md`, 'utf8')).toMatch(/^# Handbook for Observers/)
    expect(stdout).not.toContain('in memory')
  })

  it('keeps its tasks in memory where SQLite has no driver, and says so', async () => {
    const withoutSqlite = isBuiltin('node:sqlite') ? ['--no-experimental-sqlite'] : []
    const args = [
      ...withoutSqlite,
      '--import',
      fixture('without-sqlite.mjs'),
      `${root}examples/documents.mjs`,
    ]
    const { stdout, stderr, exitCode } = await runToEnd('node', args, await temporaryFolder())
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toMatch(/^Tasks are kept in memory: a store in SQLite needs @keyv\/sqlite .*npm install/)
    expect(stdout).toContain('handbook.pdf -> out/handbook.md')
  })
})
