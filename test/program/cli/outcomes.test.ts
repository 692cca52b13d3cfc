import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { endWorker, raincheck } from '../../support/cli.js'
import { gate, homeWithFunctions } from '../../support/command.js'

const home = () => homeWithFunctions(functions)

/** Leaves a call to the worker. @returns Its ref. */
async function leave(folder: string, name: string, input: object = {}): Promise<string> {
  return (await raincheck(folder, ['run', name, JSON.stringify(input), '--bg'])).stdout.trim()
}

const functions = `
  nothing: { asyncTimeout: '5s', run: async () => {} },
  one: { asyncTimeout: '5s', run: async () => 1 },
  text: { asyncTimeout: '5s', run: async () => { throw 'just a text' } },
  coded: { asyncTimeout: '5s', run: async () => {
    throw Object.assign(new TypeError('in two\\nlines'), { code: 'E_TWO', secret: 'of the function' })
  } },
  asks: { asyncTimeout: '5s', run: async (_, task) => task.ask('size', { type: 'number', least: 1 }) },
  ${gate}
`

describe('of a task that failed,', () => {
  it('result has nothing on stdout, and status and wait tell the error without its stack as JSON', async () => {
    const folder = await home()
    const ref = await leave(folder, 'coded')
    const waited = await raincheck(folder, ['wait', ref, '--json'])
    expect(waited.exitCode).toBe(1)
    expect(JSON.parse(waited.stdout)).toMatchObject({ ref, status: 'failed', retryable: false })
    expect(JSON.parse(waited.stdout).error).toEqual({
      ...{ name: 'TypeError', message: 'in two\nlines', code: 'E_TWO' },
    })
    expect(await raincheck(folder, ['result', ref])).toEqual({
      stdout: '',
      stderr: 'raincheck: there is no result: coded: failed: in two lines\n',
      exitCode: 1,
    })
    await endWorker(folder)
  })

  it('the error has no code where it had none, also of what is no Error', async () => {
    const folder = await home()
    const ran = await raincheck(folder, ['run', 'text', '--json'])
    expect(ran).toMatchObject({ exitCode: 1, stderr: 'raincheck: just a text\n' })
    expect(JSON.parse(ran.stdout)).toEqual({ error: { message: 'just a text' } })
    const [{ ref }] = JSON.parse((await raincheck(folder, ['status', 'all', '--json'])).stdout)
    const { stdout, exitCode } = await raincheck(folder, ['result', ref, '--json'])
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ ref, status: 'failed' })
    expect(JSON.parse(stdout).error).toEqual({ name: 'Error', message: 'just a text' })
  })
})

describe('of a task that is not done,', () => {
  it('result says how to wait for it, and ends with 4; status tells a message without percentage', async () => {
    const folder = await home()
    const path = join(folder, 'open')
    const ref = await leave(folder, 'gate', { path })
    const look = async () => (await raincheck(folder, ['status', ref])).stdout
    await expect.poll(look, { timeout: 10_000 }).toBe('gate: processing, at the gate\n')
    expect(await raincheck(folder, ['result', ref])).toEqual({
      stdout: '',
      stderr: `raincheck: there is no result: gate: processing, at the gate; wait for it with: raincheck wait ${ref}\n`,
      exitCode: 4,
    })
    const json = await raincheck(folder, ['result', ref, '--json'])
    expect(json.exitCode).toBe(4)
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 'processing', pollAfterMs: expect.any(Number) })
    await writeFile(path, '')
    expect((await raincheck(folder, ['wait', ref])).exitCode).toBe(0)
    await endWorker(folder)
  })

  it('what it asks stands there as JSON, where it has no message', async () => {
    const folder = await home()
    const ref = await leave(folder, 'asks')
    const { stdout } = await raincheck(folder, ['wait', ref])
    expect(stdout).toBe(
      `asks: pending, asks size: {"type":"number","least":1} (raincheck answer ${ref} <json>)\n`,
    )
    for (const wrong of ['[1]', 'null', '7', '"size"'])
      expect(await raincheck(folder, ['answer', ref, wrong])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(
          `must be a JSON object by their keys, such as '{"colour":"red"}', not ${wrong}`,
        ),
      })
    const told = await raincheck(folder, ['answer', ref, '{"size":7}'])
    expect(told).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^asks: (pending|processing)/) })
    expect((await raincheck(folder, ['wait', ref])).exitCode).toBe(0)
    expect((await raincheck(folder, ['result', ref])).stdout).toBe('7\n')
    await endWorker(folder)
  })
})

describe('raincheck wait for several tasks', () => {
  it('ends with 6 where some failed, and with 4 where some are not done', async () => {
    const folder = await home()
    const [good, bad] = [await leave(folder, 'one'), await leave(folder, 'coded')]
    const both = await raincheck(folder, ['wait', good, bad])
    expect(both).toMatchObject({
      stdout: `one: complete (raincheck result ${good})\ncoded: failed: in two lines\n`,
      exitCode: 6,
    })
    const live = await leave(folder, 'gate', { path: '/nowhere' })
    expect((await raincheck(folder, ['wait', good, bad, live, '--timeout', '0ms'])).exitCode).toBe(4)
    expect((await raincheck(folder, ['cancel', live])).exitCode).toBe(0)
    expect((await raincheck(folder, ['wait', live])).exitCode).toBe(5)
    expect((await raincheck(folder, ['wait', good, live])).exitCode).toBe(6)
    await endWorker(folder)
  })
})

describe('a function that returns nothing', () => {
  it('prints null, so that what reads JSON can read it', async () => {
    const folder = await home()
    for (const more of [[], ['--json']])
      expect(await raincheck(folder, ['run', 'nothing', '{}', ...more])).toEqual({
        ...{ stdout: 'null\n', stderr: '', exitCode: 0 },
      })
    const [{ ref }] = JSON.parse((await raincheck(folder, ['status', 'all', '--json'])).stdout)
    expect((await raincheck(folder, ['result', ref])).stdout).toBe('null\n')
  })
})
