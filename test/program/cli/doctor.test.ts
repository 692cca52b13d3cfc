import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { raincheck } from '../../support/cli.js'
import { homeWithFunctions, startCommand } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const square = `square: { asyncTimeout: '5s', run: async ({ n }) => n * n },`

describe('raincheck doctor', () => {
  const found = async (home: string, what: string) => {
    const { stdout } = await raincheck(home, ['doctor'])
    return stdout.split('\n').find((line) => line.slice(6).startsWith(`${what}: `))
  }

  it('tells the folder of a store that the config file names', async () => {
    const home = await homeWithFunctions(square, "store: 'sqlite:./tasks.db',")
    expect(await found(home, 'data directory')).toBe(`ok    data directory: ${home} (of the config file)`)
    expect(await found(home, 'store')).toBe(`ok    store: ${home}/tasks.db, 0 tasks, 0 of them not done`)
  })

  it('names a data directory that can never be one', async () => {
    const home = await homeWithFunctions(square)
    const file = join(home, 'raincheck.config.mjs')
    const running = startCommand(home, ['doctor'], { RAINCHECK_HOME: join(file, 'data') })
    const { stdout, exitCode } = await running.ended
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^WRONG data directory: ENOTDIR: .*raincheck\.config\.mjs\/data'$/m)
  })

  it('counts no more than a thousand tasks', async () => {
    const home = await temporaryFolder()
    const rain = createRaincheck({ store: `sqlite:${home}/data/raincheck.db`, app: 'raincheck' })
    const one = rain.cached({ name: 'one', asyncTimeout: '20s' })(async (n: number) => n)
    await Promise.all(Array.from({ length: 1_001 }, (_, n) => one(n)))
    await rain.close()
    expect(await found(home, 'store')).toBe(
      `ok    store: ${home}/data/raincheck.db, more than 1000 tasks, 0 of them not done`,
    )
  })

  it('tells of the worker: that none runs, who it is, and that it was killed', async () => {
    const home = await temporaryFolder()
    expect(await found(home, 'worker')).toBe('ok    worker: none runs: there is nothing to do')
    const worker = startCommand(home, ['worker'])
    const identity = join(home, 'data/raincheck-worker.pid')
    const read = () => readFile(identity, 'utf8').catch(() => '')
    await expect.poll(read, { timeout: 10_000 }).toContain('version')
    expect(await found(home, 'worker')).toMatch(
      new RegExp(`^ok {4}worker: runs as process ${worker.process.pid}, version \\d+\\.\\d+\\.\\d+`),
    )
    const second = await raincheck(home, ['worker'])
    expect(second.exitCode).toBe(1)
    expect(second.stderr).toContain(
      `raincheck: another worker runs there, process ${worker.process.pid}; end it first\n`,
    )
    worker.process.kill('SIGKILL')
    await worker.ended
    expect(await found(home, 'worker')).toBe('ok    worker: was killed; the next command starts another')
  })

  it('knows a worker by its lock, where the file that tells who it is was removed', async () => {
    const home = await temporaryFolder()
    const worker = startCommand(home, ['worker'])
    const identity = join(home, 'data/raincheck-worker.pid')
    await expect.poll(() => readFile(identity, 'utf8').catch(() => ''), { timeout: 10_000 }).not.toBe('')
    await rm(identity)
    expect(await found(home, 'worker')).toBe('ok    worker: starts or ends')
    const second = await raincheck(home, ['worker'])
    expect(second.stderr).toContain('raincheck: another worker runs there; end it first\n')
    worker.process.kill('SIGTERM')
    expect((await worker.ended).exitCode).toBe(0)
  })
})
