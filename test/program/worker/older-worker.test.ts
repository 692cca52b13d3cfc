import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sqliteFile } from '../../../src/stores/sqlite/file.js'
import { type Child, startFixture } from '../../support/child.js'
import { binary, endWorker, raincheck } from '../../support/cli.js'
import { isLong } from '../../support/long.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const library = pathToFileURL(join(binary, '../../../index.js')).href
const config = `import { defineConfig } from '${library}'
export default defineConfig({ functions: { square: { asyncTimeout: '5s', run: async ({ n }) => n * n } } })
`

/** A data directory as version 0.1.0 leaves it: a file of format 3, with a task that waits for a worker. */
async function olderHome() {
  const home = await temporaryFolder()
  const store = join(home, 'data/raincheck.db')
  await writeFile(join(home, 'raincheck.config.mjs'), config)
  await raincheck(home, ['queue', 'pause'])
  const ref = await leave(home, 3)
  await endWorker(home)
  const file = sqliteFile(store)
  const facts = "json_set(json_remove(facts, '$.instance', '$.metadata'), '$.format', 3)"
  await file.query(`UPDATE raincheck_tasks SET facts = ${facts}`)
  await file.query('PRAGMA user_version=3')
  await file.close()
  return { home, store, ref }
}

async function leave(home: string, n: number): Promise<string> {
  const { stdout, stderr } = await raincheck(home, ['run', 'square', `{"n": ${n}}`, '--background'])
  if (stdout === '') throw new Error(stderr)
  return stdout.trim()
}

async function olderWorker(...args: string[]) {
  const worker = startFixture('older-worker.mjs', ...args)
  await worker.next('ready')
  return worker
}

const isRunning = ({ process: { exitCode, signalCode } }: Child) => exitCode === null && signalCode === null

describe.skipIf(process.platform !== 'linux')('a worker of version 0.1.0 that has the lock', () => {
  it('is ended by the next command, whose own worker runs the tasks of both', async () => {
    const { home, store, ref } = await olderHome()
    const older = await olderWorker(store)
    await raincheck(home, ['queue', 'resume'])
    expect(await older.exited).toBe(0)
    const { stdout, exitCode } = await raincheck(home, ['wait', ref, await leave(home, 4)])
    expect(exitCode, stdout).toBe(0)
    expect((await raincheck(home, ['result', ref])).stdout.trim()).toBe('9')
    const log = await readFile(join(home, 'data/raincheck-worker.log'), 'utf8')
    expect(log).toContain(`ended the worker of version 0.1.0 (process ${older.process.pid})`)
    await endWorker(home)
  })

  it('is left alone where its file names another process, which is left alone, too', async () => {
    const { home, store, ref } = await olderHome()
    const bystander = startFixture('older-worker.mjs', join(home, 'other/raincheck.db'))
    await bystander.next('ready')
    const older = await olderWorker(store, String(bystander.process.pid))
    await raincheck(home, ['queue', 'resume'])
    await leave(home, 4)
    expect([isRunning(older), isRunning(bystander)]).toEqual([true, true])
    older.process.kill('SIGKILL')
    await older.exited
    expect((await raincheck(home, ['wait', ref])).exitCode).toBe(0)
    expect(isRunning(bystander)).toBe(true)
    await endWorker(home)
  })

  it.runIf(isLong)('is killed where it does not go', async () => {
    const { home, store, ref } = await olderHome()
    const older = await olderWorker(store, '', 'deaf')
    await raincheck(home, ['queue', 'resume'])
    await older.exited
    expect(older.process.signalCode).toBe('SIGKILL')
    expect((await raincheck(home, ['wait', ref])).exitCode).toBe(0)
    await endWorker(home)
  })
})
