import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { binary, endWorker, raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const library = pathToFileURL(join(binary, '../../../index.js')).href

const config = (functions: string) => `import { defineConfig } from '${library}'
export default defineConfig({ functions: { ${functions} } })
`

const square = "square: { asyncTimeout: '5s', run: async ({ n }) => n * n },"
const flaky = `flaky: {
  asyncTimeout: '5s',
  retries: 1,
  retryDelay: 1,
  run: async (_, task) => {
    if (task.attempt === 1) throw new Error('not yet')
    return 'at last'
  },
},`

/** A project with a config file in it, below the folder of the data directory, where no config file is found. */
async function project(functions: string) {
  const home = await temporaryFolder()
  const folder = join(home, 'project')
  const file = join(folder, 'raincheck.config.mjs')
  await mkdir(folder)
  await writeFile(file, config(functions))
  const leave = async (name: string) => {
    const { stdout, stderr } = await raincheck(home, ['run', name, '{"n": 3}', '--background'], folder)
    if (stdout === '') throw new Error(stderr)
    return stdout.trim()
  }
  return { home, file, leave }
}

describe('a task that was left to the worker', () => {
  it.each([
    [
      'cannot be loaded any more',
      'export default {',
      /square cannot be found: .*config\.mjs cannot be loaded: .*; mend that/,
    ],
    [
      'does not have its function any more',
      config(flaky),
      /square \(version 1\) is not in .*config\.mjs any more; make/,
    ],
  ])('fails where the config file %s, and says what to do', async (_, text, message) => {
    const { home, file, leave } = await project(square)
    await raincheck(home, ['queue', 'pause'])
    const refs = [await leave('square')]
    await writeFile(file, text)
    await raincheck(home, ['queue', 'resume'])
    const { stdout, exitCode } = await raincheck(home, ['wait', ...refs, '--json'])
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'failed',
      error: { code: 'INTERRUPTED', message: expect.stringMatching(message) },
    })
    await endWorker(home)
  })

  it('has a log of its attempts; logs that nobody has written to for a day are gone', async () => {
    const { home, leave } = await project(flaky)
    const logs = join(home, 'data/logs')
    await mkdir(logs, { recursive: true })
    const hour = 60 * 60
    for (const [name, hours] of Object.entries({ 'rc_old.log': 25, 'rc_young.log': 23 })) {
      await writeFile(join(logs, name), 'a line\n')
      const at = Date.now() / 1_000 - hours * hour
      await utimes(join(logs, name), at, at)
    }
    const ref = await leave('flaky')
    expect(await raincheck(home, ['wait', ref])).toMatchObject({ exitCode: 0 })
    await endWorker(home)
    const { stdout } = await raincheck(home, ['logs', ref])
    expect(stdout.split('\n').map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'raincheck: flaky starts: flaky',
      'raincheck: attempt 1 failed: not yet',
      'raincheck: complete',
      '',
    ])
    expect((await readdir(logs)).sort()).toEqual([`${ref}.log`, 'rc_young.log'].sort())
  })
})

describe('a lock of the worker that is no lock', () => {
  it('is named, with what to do: who leaves a task has its ref all the same', async () => {
    const { home, file } = await project(square)
    await mkdir(join(home, 'data'))
    const lock = join(home, 'data/raincheck-worker.lock')
    await writeFile(lock, 'this is a letter, and no database '.repeat(99))
    const left = await raincheck(home, ['run', 'square', '{"n": 3}', '--background'], dirname(file))
    expect(left).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^rc_\w{22}\n$/) })
    const worker = await raincheck(home, ['worker'])
    expect(worker.exitCode).toBe(1)
    for (const { stderr } of [left, worker])
      expect(stderr).toContain(
        `cannot lock ${lock}: SQLITE_NOTADB: file is not a database; make it writable, or`,
      )
  })
})
