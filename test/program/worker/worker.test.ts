import { spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isAlive } from '../../support/alive.js'
import { allGone, binary, documents, endWorker, processesOf, raincheck } from '../../support/cli.js'
import { endLeases } from '../../support/leases.js'
import { isLong, times } from '../../support/long.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** Given while one worker after the other goes. */
const TASKS = times(30, 8)

const library = pathToFileURL(join(binary, '../../../index.js')).href
const config = `import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineConfig } from '${library}'
export default defineConfig({
  functions: {
    square: { asyncTimeout: '5s', run: async ({ n }) => n * n },
    until: {
      asyncTimeout: '5s',
      run: async ({ path }) => {
        while (!existsSync(path)) await sleep(20)
        return process.pid
      },
    },
  },
})
`

async function homeWithConfig(): Promise<string> {
  const home = await temporaryFolder()
  await writeFile(join(home, 'raincheck.config.mjs'), config)
  return home
}

async function leave(home: string, name: string, input: object): Promise<string> {
  const { stdout, stderr } = await raincheck(home, ['run', name, JSON.stringify(input), '--background'])
  if (stdout === '') throw new Error(stderr)
  return stdout.trim()
}

async function workerOf(home: string): Promise<number | undefined> {
  const text = await readFile(join(home, 'data/raincheck-worker.pid'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as { pid: number }).pid
}

async function workersOf(home: string): Promise<number[]> {
  const ids = processesOf(home)
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return ids.filter((_, at) => lines[at]?.includes('worker/main.js'))
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe.skipIf(process.platform !== 'linux')('the worker', () => {
  it('is one, though four commands start it at once, and runs the tasks of all', async () => {
    const home = await homeWithConfig()
    const go = join(home, 'go')
    const refs = await Promise.all([1, 2, 3, 4].map((n) => leave(home, 'until', { path: go, n })))
    const pid = await eventually(() => workerOf(home))
    // Those that found the lock held are soon gone.
    await eventually(async () => {
      const { stdout } = await raincheck(home, ['status', 'all'])
      return stdout.includes('processing') && (await workersOf(home)).length === 1 ? true : undefined
    })
    expect(await workersOf(home)).toEqual([pid])
    await writeFile(go, '')
    expect((await raincheck(home, ['wait', ...refs])).exitCode).toBe(0)
    await endWorker(home)
  })

  it('goes when it is idle, and leaves no file that says otherwise', async () => {
    const home = await homeWithConfig()
    expect((await raincheck(home, ['wait', await leave(home, 'square', { n: 3 })])).exitCode).toBe(0)
    await allGone(home)
    expect(await workerOf(home)).toBe(undefined)
    expect((await raincheck(home, ['doctor'])).stdout).toContain('worker: none runs')
  })

  it(`runs what is left while it goes: each of ${TASKS} tasks, given as one worker after the other is told to end`, async () => {
    const home = await homeWithConfig()
    const refs: string[] = []
    for (let n = 0; n < TASKS; n++) {
      const pid = await workerOf(home)
      if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGTERM')
      refs.push(await leave(home, 'square', { n }))
    }
    const { stdout, exitCode } = await raincheck(home, ['wait', ...refs])
    expect(exitCode, stdout).toBe(0)
    await endWorker(home)
  }, 120_000)

  it('finishes what runs on SIGTERM, and leaves what waits to the next one', async () => {
    const home = await homeWithConfig()
    const go = join(home, 'go')
    const refs = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => leave(home, 'until', { path: go, n })))
    const running = await eventually(async () => {
      const { stdout } = await raincheck(home, ['status', '--status', 'processing', '--json'])
      const tasks: { ref: string }[] = JSON.parse(stdout)
      return tasks.length > 0 ? tasks.map(({ ref }) => ref) : undefined
    })
    const first = (await workerOf(home)) as number
    process.kill(first, 'SIGTERM')
    await writeFile(go, '')
    await eventually(async () => (isAlive(first) ? undefined : true))
    for (const ref of running)
      expect((await raincheck(home, ['status', ref])).stdout).toMatch(/until: complete/)
    expect((await raincheck(home, ['wait', ...refs])).exitCode).toBe(0)
    await endWorker(home)
  })

  it('refuses to run twice, and says who runs', async () => {
    const home = await homeWithConfig()
    const env = { ...process.env, RAINCHECK_HOME: `${home}/data` }
    const first = spawn(process.execPath, [binary, 'worker'], { cwd: home, env, stdio: 'ignore' })
    await eventually(() => workerOf(home))
    const second = await raincheck(home, ['worker'])
    expect(second.exitCode).toBe(1)
    expect(second.stderr).toContain(`another worker runs there, process ${first.pid}; end it first`)
    first.kill('SIGINT')
    expect(await new Promise((resolve) => first.once('close', resolve))).toBe(0)
  })

  it('that is stopped past its lease, and goes on, writes nothing over what its successor did', {
    timeout: 90_000,
  }, async () => {
    const home = await homeWithConfig()
    const env = { ...process.env, RAINCHECK_HOME: `${home}/data` }
    const go = join(home, 'go')
    const input = JSON.stringify({ path: go })
    const old = spawn(process.execPath, [binary, 'run', 'until', input], { cwd: home, env })
    const ref = await eventually(async () => {
      const tasks: { ref: string; status: string }[] = JSON.parse(
        (await raincheck(home, ['status', '--json'])).stdout,
      )
      return tasks.find(({ status }) => status === 'processing')?.ref
    })
    const stopped = processesOf(home)
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    if (!isLong) await endLeases(join(home, 'data/raincheck.db'))
    await eventually(
      async () => (await raincheck(home, ['status', ref])).stdout.includes('interrupted') || undefined,
    )
    await writeFile(go, '')
    expect((await raincheck(home, ['wait', ref])).exitCode).toBe(0)
    const value = (await raincheck(home, ['result', ref])).stdout
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    await new Promise((resolve) => old.once('close', resolve))
    expect((await raincheck(home, ['result', ref])).stdout).toBe(value)
    expect(stopped.map(String)).not.toContain(value.trim())
    await endWorker(home)
  })
})

describe('a store that cannot be used', () => {
  it.each([
    ['no database', 'this is a letter, and no database '.repeat(9), /not a database; move the file away/],
    ['a newer one', undefined, /newer raincheck \(format 99, .*update raincheck/],
  ])(
    '%s: nothing is left to a worker, nothing is overwritten, and the error says what to do',
    async (_, text, message) => {
      const home = await temporaryFolder()
      const store = join(home, 'data/raincheck.db')
      await mkdir(join(home, 'data'))
      if (text !== undefined) await writeFile(store, text)
      else {
        await raincheck(home, ['convert', `${documents}minutes.docx`, '--stdout'])
        const bytes = await readFile(store)
        bytes.writeUInt32BE(99, 60)
        await writeFile(store, bytes)
      }
      const before = await readFile(store)
      await copyFile(`${documents}article.html`, join(home, 'article.html'))
      const { stdout, stderr, exitCode } = await raincheck(home, ['convert', 'article.html', '--background'])
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
      expect(stderr).toMatch(message)
      expect((await readFile(store)).equals(before)).toBe(true)
      expect(processesOf(home)).toEqual([])
    },
  )

  it.skipIf(process.getuid?.() === 0)('a folder that is read-only is named', async () => {
    const home = await temporaryFolder()
    await mkdir(join(home, 'data'))
    await chmod(join(home, 'data'), 0o500)
    const { stderr, exitCode } = await raincheck(home, [
      'convert',
      `${documents}article.html`,
      '--bg',
      '-o',
      'out',
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/data\/raincheck\.db: .*EACCES.*make it writable, or name another file/)
  })
})
