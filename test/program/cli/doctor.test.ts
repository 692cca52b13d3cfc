import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { basename, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { documents, endWorker, raincheck } from '../../support/cli.js'
import { homeWithFunctions, startCommand } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const square = `square: { asyncTimeout: '5s', run: async ({ n }) => n * n },`

/** A data directory with three tasks that are complete. */
async function homeWithTasks(): Promise<{ home: string; refs: string[] }> {
  const home = await temporaryFolder()
  const names = ['article.html', 'minutes.docx', 'invoice.pdf'].map((name) => documents + name)
  const { stdout } = await raincheck(home, ['convert', ...names, '-o', 'out', '--json'])
  return { home, refs: JSON.parse(stdout).map(({ ref }: { ref: string }) => ref) }
}

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

  it('names the driver: the one of Node, where it has one', async () => {
    const driver = isBuiltin('node:sqlite') ? 'node:sqlite' : '@keyv/sqlite'
    expect(await found(await temporaryFolder(), 'SQLite driver')).toBe(`ok    SQLite driver: ${driver}`)
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
    expect(await found(home, 'worker')).toBe(
      `ok    worker: killed or crashed: its PID file is left, its lock is free (process ${worker.process.pid}); this command starts another`,
    )
    await endWorker(home)
    expect(await found(home, 'worker')).toBe('ok    worker: none runs: there is nothing to do')
  })

  it.skipIf(!existsSync('/dev/shm'))(
    'tells of the disk on which the data directory will be made',
    async () => {
      const home = await temporaryFolder()
      const missing = `/dev/shm/${basename(home)}`
      onTestFinished(() => rm(missing, { recursive: true, force: true }))
      const { stdout } = await startCommand(home, ['doctor', '--json'], { RAINCHECK_HOME: `${missing}/data` })
        .ended
      const findings: { what: string; found: string }[] = JSON.parse(stdout)
      expect(findings.find(({ what }) => what === 'disk')?.found).toMatch(/^\d+ MB are free at \/dev\/shm$/)
    },
  )

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

  it('finds nothing wrong where nothing is, before the first use and after', async () => {
    const fresh = await raincheck(await temporaryFolder(), ['doctor'])
    expect(fresh.exitCode).toBe(0)
    expect(fresh.stdout).not.toContain('WRONG')
    const { home } = await homeWithTasks()
    const { stdout } = await raincheck(home, ['doctor', '--json'])
    const findings: { what: string; ok: boolean; found: string }[] = JSON.parse(stdout)
    expect(findings.map(({ what }) => what)).toEqual([
      'raincheck',
      'config file',
      'data directory',
      'disk',
      'SQLite driver',
      'store',
      'worker',
    ])
    expect(findings.find(({ what }) => what === 'store')?.found).toMatch(/3 tasks, 0 of them not done/)
  })

  it('names the store that is none, and the config file that cannot be loaded, and fails', async () => {
    const home = await temporaryFolder()
    await mkdir(join(home, 'data'))
    await writeFile(join(home, 'data/raincheck.db'), 'this is a letter, and no database '.repeat(9))
    const bad = await raincheck(home, ['doctor'])
    expect(bad.exitCode).toBe(1)
    expect(bad.stdout).toMatch(/WRONG store: .*not a database; move the file away/)
    await writeFile(join(home, 'raincheck.config.js'), 'export default 5')
    const config = await raincheck(home, ['doctor'])
    expect(config.stdout).toMatch(/WRONG store: .*raincheck\.config\.js must have a default export/)
  })
})
