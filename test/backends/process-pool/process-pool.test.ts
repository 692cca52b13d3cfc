import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { processPool } from '../../../dist/index.js'
import { isAlive } from '../../support/alive.js'
import { runToEnd } from '../../support/cli.js'
import { poolOf } from '../../support/pool.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

describe('the process pool', () => {
  it('runs functions in other processes, and keeps those for the next task', async () => {
    const { wrap } = poolOf()
    const whoAmI = wrap('whoAmI')
    const first = await whoAmI.value(1)
    expect(first).not.toBe(process.pid)
    expect(await whoAmI.value(2)).toBe(first)
  })

  it('keeps the types of input and value', async () => {
    const value = {
      at: new Date(5),
      map: new Map([[1, new Set(['a'])]]),
      bytes: Buffer.from('ab'),
      big: 5n,
      none: undefined,
    }
    const back = (await poolOf().wrap('echo').value(value)) as typeof value
    expect(back).toEqual(value)
    expect(Buffer.isBuffer(back.bytes)).toBe(true)
  })

  it('answers in time while its child blocks the processor, and a cancel ends the child', async () => {
    const { rain, wrap } = poolOf()
    const told = new Promise<number>((resolve) => {
      rain.on('progress', ({ progress }) => resolve(Number(progress.message)))
    })
    const started = performance.now()
    const answer = await wrap('block', { asyncTimeout: 100 })(1)
    const took = performance.now() - started
    expect(answer.status).toMatch(/pending|processing/)
    // 50 ms is the rule's for an idle machine; ten times that tells it from a call that waited for the work.
    expect(took).toBeLessThan(600)
    const pid = await told
    expect(await rain.cancel(answer.ref)).toBe('cancelled')
    expect(isAlive(pid)).toBe(false)
    expect(await wrap('whoAmI').value()).not.toBe(pid)
  })

  it('loses no slot when it may not start a child', async () => {
    const home = await temporaryFolder()
    const fixture = fileURLToPath(new URL('../../fixtures/no-children.mjs', import.meta.url))
    const permission =
      Number(process.versions.node.split('.')[0]) > 22 ? '--permission' : '--experimental-permission'
    const allowed = [permission, '--allow-fs-read=*', '--allow-worker', fixture]
    const { stdout, exitCode } = await runToEnd(process.execPath, allowed, home)
    const line = 'ERR_ACCESS_DENIED {"waiting":0,"running":0,"abandoned":0,"paused":false}\n'
    expect({ stdout, exitCode }).toEqual({ stdout: line + line, exitCode: 0 })
  })

  it('a timeout ends the child', async () => {
    const { rain, wrap } = poolOf()
    let pid = 0
    rain.on('progress', ({ progress }) => {
      pid = Number(progress.message)
    })
    // The start of a child counts into the timeout.
    await wrap('echo')(1)
    await expect(wrap('block', { timeout: 1_000 })(1)).rejects.toMatchObject({ code: 'TIMEOUT' })
    await rain.close()
    expect(pid).not.toBe(0)
    expect(isAlive(pid)).toBe(false)
  })

  it.each([
    ['exit', 3, /ended with exit code 3/],
    ['killItself', 'SIGKILL', /was ended by SIGKILL/],
    ['killItself', 'SIGSEGV', /was ended by SIGSEGV/],
  ])(
    'a child that ends by %s(%j) fails its one task with CRASHED, and says how',
    async (name, input, message) => {
      const { wrap } = poolOf()
      await expect(wrap(name)(input)).rejects.toMatchObject({
        code: 'CRASHED',
        message: expect.stringMatching(message),
      })
      expect(await wrap('echo').value('next')).toBe('next')
    },
  )

  it.each(['devour', 'devourBuffers'])(
    'a child that needs more than its memory fails its one task, and says so: %s',
    async (name) => {
      const { wrap } = poolOf({ size: 1, memoryLimit: 128 })
      await expect(wrap(name)()).rejects.toMatchObject({
        code: 'CRASHED',
        message: expect.stringMatching(/needed more than 128 MB; raise memoryLimit/),
      })
      expect(await wrap('echo').value('next')).toBe('next')
    },
  )

  it('a child that is left with too little memory for the next task is replaced', async () => {
    const { wrap } = poolOf({ size: 1, memoryLimit: 400 })
    const keep = wrap('keep')
    const first = await keep.value(10)
    expect(await keep.value(200)).toBe(first)
    expect(await keep.value(201)).not.toBe(first)
  })

  it('an error of the function keeps its name, message and code', async () => {
    await expect(poolOf().wrap('fail')()).rejects.toMatchObject({
      name: 'TypeError',
      message: 'in the child',
      code: 'E_CHILD',
    })
  })

  it.each([
    ['a value', 'giveFunction', undefined, 'INVALID_VALUE', 'value'],
    ['an input', 'echo', { f: () => 1 }, 'INVALID_INPUT', 'input.f'],
  ])('%s that cannot be sent is a clear error', async (_, name, input, code, place) => {
    const { wrap } = poolOf()
    const call = wrap(name, { key: () => 1 })
    await expect(call(input)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${place} cannot be sent to another process: it is a function; `),
    })
    expect(await wrap('whoAmI').value()).toBeGreaterThan(0)
  })

  it('a module or an export that is not there fails the task, and names it', async () => {
    await expect(poolOf().wrap('nonsense')()).rejects.toThrow(/exports no function named 'nonsense'/)
  })

  it('what a function prints becomes log lines, and reaches no stdout', async () => {
    const { rain, wrap } = poolOf()
    const lines: string[] = []
    rain.on('log', ({ line }) => lines.push(line))
    await wrap('print').value('text')
    await wrap('echo').value('so that both lines have come')
    expect(lines.sort()).toEqual(['err text', 'out text'])
    const fixture = fileURLToPath(new URL('../../fixtures/silent.mjs', import.meta.url))
    const home = await temporaryFolder()
    expect(await runToEnd(process.execPath, [fixture], home)).toEqual({ stdout: '', stderr: '', exitCode: 0 })
  })

  it.each([[{ size: 0 }], [{ size: 1.5 }], [{ memoryLimit: 'much' }], [{ threads: 2 }]])(
    'refuses %o',
    (options) => {
      expect(() => processPool(options as object)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      )
    },
  )
})

describe('a process pool', () => {
  it('warms up for no function but a module’s', () => {
    const pool = processPool({ size: 1 })
    expect(() => pool.warm(async () => 1)).toThrow(
      'a function on the process pool must be made by fromModule, got a function',
    )
  })
})
