import { spawnSync } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allGone, binary, documents, endWorker, raincheck, runToEnd } from '../../support/cli.js'
import { gate, homeWithFunctions, startProgram } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

// util-linux's `script` gives a program a terminal of its own.
const hasScript = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') ?? false

const clearLine = '\u001b[1G\u001b[2K'

describe('on a terminal', () => {
  it.skipIf(!hasScript)('shows a bar with percentage and time left, which is gone at the end', async () => {
    const home = await temporaryFolder()
    const command = `${process.execPath} ${binary} convert ${documents}handbook.pdf -o ${home}`
    const { stdout, exitCode } = await runToEnd('script', ['-qec', command, '/dev/null'], home)
    expect(exitCode).toBe(0)
    const bars = stdout.match(/handbook\.pdf \[=* *\] \d+ % \(page \d+ of 123\), \d+s left/g) ?? []
    expect(bars.length).toBeGreaterThan(1)
    expect(stdout.endsWith(`${clearLine}${home}/handbook.md\r\n`)).toBe(true)
  })

  it.skipIf(!hasScript)(
    `--watch writes over what it showed, also over lines that did not fit${hasScript ? '' : ' (there is no script of util-linux here)'}`,
    async () => {
      const home = await homeWithFunctions(gate)
      const path = join(home, 'open')
      const ref = (await raincheck(home, ['run', 'gate', JSON.stringify({ path }), '--bg'])).stdout.trim()
      const look = async () => (await raincheck(home, ['status', ref])).stdout
      const shown = 'gate: processing, at the gate'
      await expect.poll(look, { timeout: 10_000 }).toBe(`${shown}\n`)
      const command = `stty cols 20; ${process.execPath} ${binary} status ${ref} --watch`
      const watching = startProgram('script', ['-qec', command, '/dev/null'], home)
      await watching.says('stdout', /at the gate\r\n/)
      await writeFile(path, '')
      const { stdout, exitCode } = await watching.ended
      // Its 29 characters took two rows of 20.
      const over = '\u001b[2A\u001b[J'
      expect({ stdout, exitCode }).toEqual({
        stdout: `${shown}\r\n${over}gate: complete (raincheck result ${ref})\r\n`,
        exitCode: 0,
      })
      await endWorker(home)
    },
  )
})

describe('off a terminal', () => {
  it('shows no progress', async () => {
    const home = await temporaryFolder()
    const { stderr } = await raincheck(home, ['convert', `${documents}handbook.pdf`, '-o', home])
    expect(stderr).toBe('')
  })
})

describe.skipIf(process.platform === 'win32')('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s ends the conversion at once, with exit code %i, and leaves nothing', async (signal, code) => {
    const home = await temporaryFolder()
    // The shell waits until a child of the command converts (its store exists), then sends the signal to it.
    const script = `${process.execPath} ${binary} convert ${documents}handbook.pdf -o ${home}/out & id=$!
      until [ -s ${home}/data/raincheck.db-wal ]; do sleep 0.01; done; kill -s ${signal.slice(3)} $id; wait $id`
    const { stdout, stderr, exitCode } = await runToEnd('bash', ['-c', script], home)
    expect(stdout).toBe('')
    expect(stderr).toBe('raincheck: interrupted; what was not done is not converted\n')
    expect(exitCode).toBe(code)
    await allGone(home)
    expect(await readdir(home)).toEqual(['data'])
  })
})
