import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { fixture, startFixture } from '../../support/child.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const exec = promisify(execFile)

interface Lost {
  failed: [stuck: unknown, unheld: unknown]
  value: string
  next: string
  threads: number
}

/** Runs a fixture with options of Node. @returns What it printed. */
async function run(options: string[], name: string, args: string[], variables: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, ...variables }
  return exec(process.execPath, [...options, fixture(name), ...args], { env })
}

describe.skipIf(!isBuiltin('node:sqlite'))('the thread of SQLite (Node 22.13 and later)', () => {
  it('that ends fails what is under way, and the next use starts another', async () => {
    const child = startFixture('lost-thread.mjs', join(await temporaryFolder(), 'a.db'), 'ends')
    const { failed, ...rest } = await child.next<Lost>('lost')
    expect(rest).toEqual({ value: 'before', next: 'after', threads: 2 })
    expect(failed).toEqual([
      expect.stringMatching(/^the thread of SQLite has ended; the next use starts another/),
      {
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/could not look for tasks that nobody runs: the thread of SQLite/),
      },
    ])
    expect(await child.exited).toBe(0)
  })

  it('that is frozen is given up, and the next use starts another', async () => {
    const child = startFixture('lost-thread.mjs', join(await temporaryFolder(), 'a.db'), 'freezes')
    const { failed, ...rest } = await child.next<Lost>('lost')
    expect(rest).toEqual({ value: 'before', next: 'after', threads: 2 })
    expect(failed).toEqual([
      expect.stringContaining('the thread of SQLite does not answer'),
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    ])
  })

  it('runs no preload of the process, and prints nothing', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const preload = fixture('preload.cjs')
    const { stdout, stderr } = await run(['--require', preload], 'square-once.mjs', [path], {
      NODE_OPTIONS: `--require ${preload}`,
    })
    expect({ stdout, stderr }).toEqual({
      stdout: 'preloaded on the main thread\n{"status":"complete","value":144}\n',
      stderr: '',
    })
  })

  it('is done without where Node forbids threads', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const options = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*']
    const { stdout, stderr } = await run(options, 'square-once.mjs', [path])
    expect(stdout).toBe('{"status":"complete","value":144}\n')
    expect(stderr).not.toContain('SQLite')
  })
})

describe('a process that ends with writes under way', () => {
  const stored = async (path: string) => {
    const rain = createRaincheck({ store: `sqlite:${path}`, app: 'test' })
    const { tasks } = await rain.list({ limit: 1_000 })
    await rain.close()
    return new Set<string>(tasks.map(({ ref }) => ref))
  }
  const told = async (path: string) =>
    (await readFile(`${path}.told`, 'utf8')).split('\n').filter((line) => line !== '')

  it('does them all when it comes to its end by itself', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    await run([], 'pending-writes.mjs', [path])
    expect(await told(path)).toHaveLength(300)
    expect(await stored(path)).toEqual(new Set(await told(path)))
  })

  it('has done what it was told is done when it exits', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    await expect(run([], 'pending-writes.mjs', [path, 'exit'])).rejects.toMatchObject({ code: 7 })
    expect(await told(path)).toHaveLength(150)
    const found = await stored(path)
    for (const ref of await told(path)) expect(found).toContain(ref)
  })
})
