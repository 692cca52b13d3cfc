import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { LOG_LIMIT } from '../../../src/program/worker/log-limit.js'
import { isAlive } from '../../support/alive.js'
import { endWorker, raincheck } from '../../support/cli.js'
import { gate, homeWithFunctions, startCommand } from '../../support/command.js'

const square = `square: { asyncTimeout: '5s', run: async ({ n }) => n * n },`

async function workerOf(home: string): Promise<number> {
  const { pid } = JSON.parse(await readFile(join(home, 'data/raincheck-worker.pid'), 'utf8')) as {
    pid: number
  }
  return pid
}

/** More than a list shows by default, all newer than what is there, and all done. */
async function settleMany(home: string): Promise<void> {
  const rain = createRaincheck({ store: `sqlite:${home}/data/raincheck.db`, app: 'raincheck' })
  const one = rain.cached({ name: 'one', asyncTimeout: '20s' })(async (n: number) => n)
  await Promise.all(Array.from({ length: 60 }, (_, n) => one(n)))
  await rain.close()
}

/** A home with a task whose worker was killed while it ran. */
async function homeWithKilledWorker() {
  const home = await homeWithFunctions(gate)
  const go = join(home, 'go')
  const left = await raincheck(home, ['run', 'gate', JSON.stringify({ path: go }), '--background'])
  const ref = left.stdout.trim()
  const status = async () => (await raincheck(home, ['status', ref])).stdout
  await expect.poll(status, { timeout: 20_000 }).toContain('at the gate')
  const killed = await workerOf(home)
  process.kill(killed, 'SIGKILL')
  await expect.poll(() => isAlive(killed), { timeout: 5_000 }).toBe(false)
  return { home, go, ref, killed }
}

describe.skipIf(process.platform !== 'linux')('after a worker was killed', () => {
  it.each([
    ['queue', ['queue']],
    ['doctor', ['doctor']],
    ['a list whose newest tasks have all settled', ['status', 'all']],
    ['a list of what is complete', ['status', 'all', '--status', 'complete']],
  ])('%s starts another, which goes on with its task at once', async (_, command) => {
    const { home, go, ref, killed } = await homeWithKilledWorker()
    await settleMany(home)
    expect(await raincheck(home, command)).toMatchObject({ exitCode: 0, stderr: '' })
    await expect.poll(() => workerOf(home), { timeout: 20_000 }).not.toBe(killed)
    await writeFile(go, '')
    expect(await raincheck(home, ['wait', ref])).toMatchObject({ exitCode: 0 })
    await endWorker(home)
  })
})

describe('a worker that cannot be started', () => {
  const variables = { NODE_OPTIONS: "--import data:text/javascript,process.execPath='/none/node'" }

  it('costs a task that is left no ref: the command says so in one line', async () => {
    const home = await homeWithFunctions(square)
    const args = ['run', 'square', '{"n": 3}', '--background']
    const { stdout, stderr, exitCode } = await startCommand(home, args, variables).ended
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^rc_\w{22}\n$/)
    expect(stderr.split('\n')[0]).toBe(
      'raincheck: the task is written, but no worker can be started: spawn /none/node ENOENT; mend that, then run any command',
    )
    expect(stderr.split('\n')).toHaveLength(3)
    expect(await raincheck(home, ['wait', stdout.trim()])).toMatchObject({ exitCode: 0 })
    await endWorker(home)
  })

  it.each([
    ['status', ['status', 'all'], 'square: pending'],
    ['queue', ['queue'], '1 waiting'],
    ['doctor', ['doctor'], '1 tasks, 1 of them not done'],
    ['wait', ['wait', 'REF', '--timeout', '2500ms'], 'square: pending'],
  ])('keeps %s from nothing, and is told once', async (_, command, shown) => {
    const home = await homeWithFunctions(square)
    const left = await startCommand(home, ['run', 'square', '{"n": 3}', '--background'], variables).ended
    const args = command.map((text) => (text === 'REF' ? left.stdout.trim() : text))
    const { stdout, stderr, exitCode } = await startCommand(home, args, variables).ended
    expect(exitCode).toBe(command[0] === 'wait' ? 4 : 0)
    expect(stdout).toContain(shown)
    expect(stderr).toBe('raincheck: no worker can be started: spawn /none/node ENOENT\n')
  })
})

describe('the logs of a worker', () => {
  it('have a limit: its own, and that of a task that logs without end', async () => {
    const loud = `loud: {
      asyncTimeout: '5s',
      run: async (_, task) => {
        for (let n = 0; n < 12; n++) task.log('x'.repeat(1024 * 1024))
      },
    },`
    const home = await homeWithFunctions(loud)
    const log = join(home, 'data/raincheck-worker.log')
    await mkdir(dirname(log))
    await writeFile(log, 'y'.repeat(LOG_LIMIT + 1_000))
    const ref = (await raincheck(home, ['run', 'loud', '{}', '--background'])).stdout.trim()
    expect(await raincheck(home, ['wait', ref])).toMatchObject({ exitCode: 0 })
    await endWorker(home)
    expect((await stat(log)).size).toBe(0)
    expect((await stat(`${log}.old`)).size).toBe(LOG_LIMIT)
    const { stdout } = await raincheck(home, ['logs', ref])
    expect(stdout.length).toBeLessThan(LOG_LIMIT + 1_000)
    expect(stdout.slice(-300)).toMatch(/reached 10 MB; .*\n\S+ raincheck: complete\n$/)
    await rm(log)
  })
})
