import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { binary, type Ended, endWorker, raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const library = pathToFileURL(join(binary, '../../../index.js')).href
const zod = import.meta.resolve('zod')

const config = (more = '') => `import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineConfig } from '${library}'
import { z } from '${zod}'
export default defineConfig({
  ${more}
  functions: {
    double: {
      asyncTimeout: '5s',
      input: z.object({ n: z.number() }),
      run: async ({ n }, task) => {
        console.log('printed', n)
        task.log('logged ' + n)
        return n * 2
      },
    },
    until: {
      asyncTimeout: '5s',
      run: async ({ path }, task) => {
        task.progress({ current: 1, total: 2, message: 'half' })
        while (!existsSync(path)) await sleep(20)
        return 'found'
      },
    },
    order: {
      asyncTimeout: '5s',
      run: async ({ item }, task) => [item, await task.ask('colour', { message: 'Which colour?' })].join(),
    },
    odd: {
      asyncTimeout: '5s',
      run: async () => {
        const value = new Map([['a', 1n]])
        return value.set('self', value)
      },
    },
    once: {
      asyncTimeout: '5s',
      run: async ({ path }) => {
        if (existsSync(path)) return 'second'
        appendFileSync(path, '')
        throw new Error('the first always fails')
      },
    },
  },
})
`

async function homeWith(name = 'raincheck.config.mjs', text = config()): Promise<string> {
  const home = await temporaryFolder()
  await writeFile(join(home, name), text)
  return home
}

const run = (home: string, name: string, input: object, ...more: string[]): Promise<Ended> =>
  raincheck(home, ['run', name, JSON.stringify(input), ...more])

describe('raincheck run', () => {
  it.each(['raincheck.config.mjs', 'raincheck.config.ts'])('finds %s from a folder below', async (name) => {
    const home = await homeWith(name)
    await mkdir(join(home, 'a/b'), { recursive: true })
    const ended = await raincheck(home, ['run', 'double', '{"n": 21}'], join(home, 'a/b'))
    expect(ended).toEqual({ stdout: '42\n', stderr: 'printed 21\nlogged 21\n', exitCode: 0 })
  })

  it('prints a value that JSON has no form for as the servers tell it', async () => {
    const home = await homeWith()
    const { stdout } = await run(home, 'odd', {}, '--json')
    expect(JSON.parse(stdout)).toEqual([
      ['a', '1'],
      ['self', '[circular]'],
    ])
    expect(JSON.parse((await run(home, 'odd', {})).stdout)).toEqual(JSON.parse(stdout))
    const [{ ref }] = JSON.parse((await raincheck(home, ['status', '--json'])).stdout)
    const result = JSON.parse((await raincheck(home, ['result', ref, '--json'])).stdout)
    expect(result).toMatchObject({ ref, status: 'complete', value: JSON.parse(stdout) })
  })

  it('refuses a wrong input, an unknown function and what is no JSON, each with what to do', async () => {
    const home = await homeWith()
    expect((await run(home, 'double', { n: 'x' })).stderr).toMatch(
      /double was called with a wrong input: input\.n/,
    )
    expect((await run(home, 'triple', {})).stderr).toMatch(
      /no function triple; known are double, until, order, odd, once, convert/,
    )
    const { stderr, exitCode } = await raincheck(home, ['run', 'double', '{n: 5}'])
    expect(stderr).toMatch(/the input must be JSON, such as/)
    expect(exitCode).toBe(1)
  })

  it('names the config file that cannot be used', async () => {
    const home = await homeWith('raincheck.config.mjs', 'export default { functions: { f: {} } }')
    expect((await run(home, 'f', {})).stderr).toMatch(/raincheck\.config\.mjs functions\.f must have `run`/)
    const broken = await homeWith('raincheck.config.mjs', 'export default {')
    expect((await run(broken, 'f', {})).stderr).toMatch(/raincheck\.config\.mjs cannot be loaded: /)
  })

  it('is cancelled at once by Ctrl-C, says so, and ends with 130', async () => {
    const home = await homeWith()
    const env = { ...process.env, RAINCHECK_HOME: `${home}/data` }
    const command = spawn(process.execPath, [binary, 'run', 'until', '{"path": "/never"}'], {
      cwd: home,
      env,
    })
    let said = ''
    command.stderr.on('data', (text) => {
      said += text
    })
    for (let status = ''; !status.includes('processing'); )
      status = (await raincheck(home, ['status', 'all'])).stdout
    command.kill('SIGINT')
    const code = await new Promise((resolve) => command.once('close', resolve))
    expect({ said, code }).toEqual({ said: 'raincheck: interrupted; the task is cancelled\n', code: 130 })
    expect((await raincheck(home, ['status', 'all'])).stdout).toMatch(/until: cancelled/)
  })
})

describe('raincheck run in the background', () => {
  it('runs in the worker, which finds the function by the config file; its log has all lines', async () => {
    const home = await homeWith()
    const ref = (await run(home, 'double', { n: 4 }, '--background')).stdout.trim()
    expect(await raincheck(home, ['wait', ref])).toMatchObject({ exitCode: 0 })
    expect((await raincheck(home, ['result', ref])).stdout).toBe('8\n')
    const lines = (await raincheck(home, ['logs', ref, '--follow'])).stdout.trim().split('\n')
    expect(lines.map((line) => line.replace(/^\S+Z /, ''))).toEqual([
      'raincheck: double starts: double',
      'printed 4',
      'logged 4',
      'raincheck: complete',
    ])
    await endWorker(home)
  })

  it('waits as long as --async-timeout says: then it prints the value, or the ref', async () => {
    const home = await homeWith()
    expect(await run(home, 'double', { n: 5 }, '--async-timeout', '1m')).toMatchObject({
      stdout: '10\n',
      exitCode: 0,
    })
    const slow = await run(home, 'until', { path: join(home, 'go') }, '--async-timeout', '50ms')
    expect(slow.exitCode).toBe(4)
    await writeFile(join(home, 'go'), '')
    expect((await raincheck(home, ['wait', slow.stdout.trim()])).exitCode).toBe(0)
    await endWorker(home)
  })

  it('asks, waits for nobody in particular, and goes on in the worker with the answer', async () => {
    const home = await homeWith()
    const ref = (await run(home, 'order', { item: 'shirt' }, '--bg')).stdout.trim()
    const asking = await raincheck(home, ['wait', ref])
    expect(asking).toMatchObject({
      stdout: `order: pending, asks colour: Which colour? (raincheck answer ${ref} <json>)\n`,
      exitCode: 4,
    })
    expect(await raincheck(home, ['answer', ref, '{colour:red}'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('must be a JSON object by their keys'),
    })
    expect((await raincheck(home, ['answer', ref, '{"size":1}'])).stderr).toContain('an answer to: colour')
    await endWorker(home)
    const told = await raincheck(home, ['answer', ref, '{"colour":"red"}', '--json'])
    expect(JSON.parse(told.stdout)).toMatchObject({
      ref,
      status: expect.stringMatching(/pending|processing/),
    })
    expect((await raincheck(home, ['wait', ref])).exitCode).toBe(0)
    expect((await raincheck(home, ['result', ref])).stdout).toBe('shirt,red')
    await endWorker(home)
  })

  it('is retried under a new ref', async () => {
    const home = await homeWith()
    const ref = (await run(home, 'once', { path: join(home, 'mark') }, '--bg')).stdout.trim()
    const failed = await raincheck(home, ['wait', ref])
    expect(failed).toMatchObject({ exitCode: 1, stdout: 'once: failed: the first always fails\n' })
    const again = (await raincheck(home, ['retry', ref])).stdout.trim()
    expect(again).not.toBe(ref)
    expect((await raincheck(home, ['wait', again])).exitCode).toBe(0)
    expect((await raincheck(home, ['result', again])).stdout).toBe('second')
    await endWorker(home)
  })

  it('keeps its tasks in the store of the config file, beside that', async () => {
    const home = await homeWith('raincheck.config.mjs', config("store: 'sqlite:./tasks.db',"))
    const ref = (await run(home, 'double', { n: 6 }, '--bg')).stdout.trim()
    expect((await raincheck(home, ['wait', ref])).exitCode).toBe(0)
    expect(await readdir(home)).toEqual(expect.arrayContaining(['tasks.db', 'tasks-worker.lock']))
    const { pid } = JSON.parse(await readFile(join(home, 'tasks-worker.pid'), 'utf8')) as { pid: number }
    process.kill(pid, 'SIGTERM')
    await endWorker(home)
  })

  it('fails with what to do when the config file is gone', async () => {
    const home = await homeWith()
    await raincheck(home, ['queue', 'pause'])
    const ref = (await run(home, 'double', { n: 7 }, '--bg')).stdout.trim()
    await writeFile(join(home, 'raincheck.config.mjs'), 'export default { functions: {} }')
    await raincheck(home, ['queue', 'resume'])
    const { stdout, exitCode } = await raincheck(home, ['wait', ref])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(
      /double \(version 1\) is not in .*raincheck\.config\.mjs any more; make the call again/,
    )
    await endWorker(home)
  })
})

it('what the worker keeps is for its owner alone', async () => {
  const home = await homeWith()
  const ref = (await run(home, 'double', { n: 8 }, '--bg')).stdout.trim()
  await raincheck(home, ['wait', ref])
  const entries = await readdir(join(home, 'data'), { recursive: true })
  expect(entries).toEqual(expect.arrayContaining(['raincheck.db', 'raincheck-worker.pid', `logs/${ref}.log`]))
  for (const entry of ['.', ...entries]) {
    const stats = await stat(join(home, 'data', entry)).catch(() => undefined)
    if (stats) expect((stats.mode & 0o777).toString(8), entry).toBe(stats.isDirectory() ? '700' : '600')
  }
  await endWorker(home)
})
