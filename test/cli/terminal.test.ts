import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { allGone, binary, documents, raincheck, runToEnd } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

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
