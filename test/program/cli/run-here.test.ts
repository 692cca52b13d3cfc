import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documents, endWorker, raincheck } from '../../support/cli.js'
import { gate, homeWithFunctions, startCommand } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const order = `order: {
  asyncTimeout: '5s',
  run: async ({ item }, task) => [item, await task.ask('colour', { message: 'Which colour?' })].join(),
},`

const refIn = (text: string) => /rc_[0-9A-Za-z]{22}/.exec(text)?.[0] as string

describe('raincheck run in the foreground', () => {
  it('tells what its function asks and how to answer, and goes on with the answer of another process', async () => {
    const home = await homeWithFunctions(order)
    const running = startCommand(home, ['run', 'order', '{"item":"shirt"}'])
    const asked = await running.says('stderr', /\n/)
    const ref = refIn(asked)
    expect(asked).toBe(`asks colour: Which colour? (raincheck answer ${ref} <json>)\n`)
    expect((await raincheck(home, ['answer', ref, '{"colour":"red"}'])).exitCode).toBe(0)
    expect(await running.ended).toEqual({ stdout: 'shirt,red', stderr: asked, exitCode: 0 })
    await endWorker(home)
  })

  it('ends with 5 when another process cancels its task', async () => {
    const home = await homeWithFunctions(gate)
    const running = startCommand(home, ['run', 'gate', '{"path":"/nowhere"}', '--json'])
    await running.says('stderr', /waits\n/)
    const [{ ref }] = JSON.parse((await raincheck(home, ['status', '--json'])).stdout)
    expect((await raincheck(home, ['cancel', ref])).stdout).toMatch(/^cancelled/)
    const { stdout, exitCode } = await running.ended
    expect({ code: JSON.parse(stdout).error.code, exitCode }).toEqual({ code: 'CANCELLED', exitCode: 5 })
  })

  it('says that there is no config file, where there is none', async () => {
    const { stderr, exitCode } = await raincheck(await temporaryFolder(), ['run', 'square'])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /^raincheck: there is no function square; known are convert, .*; there is no raincheck\.config file here or in a folder above\n$/,
    )
  })
})

describe('raincheck logs', () => {
  it('--follow tells each line when it comes, until the task has settled', async () => {
    const home = await homeWithFunctions(gate)
    const path = join(home, 'open')
    const ref = (await raincheck(home, ['run', 'gate', JSON.stringify({ path }), '--bg'])).stdout.trim()
    const following = startCommand(home, ['logs', ref, '--follow'])
    expect(await following.says('stdout', /waits\n/)).not.toContain('goes')
    await writeFile(path, '')
    const { stdout, stderr, exitCode } = await following.ended
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    const lines = stdout.trim().split('\n')
    expect(lines.map((line) => line.replace(/^\S+Z /, ''))).toEqual([
      ...['raincheck: gate starts: gate', 'waits', 'goes', 'raincheck: complete'],
    ])
    await endWorker(home)
  })

  it('prints nothing of a task that ran in the foreground, which has no log', async () => {
    const home = await homeWithFunctions(order)
    const [{ ref }] = JSON.parse(
      (await raincheck(home, ['convert', `${documents}article.html`, '-o', 'out', '--json'])).stdout,
    )
    expect(await raincheck(home, ['logs', ref])).toEqual({ stdout: '', stderr: '', exitCode: 0 })
  })
})

describe('raincheck retry beside a config file', () => {
  it('runs a bundled function again, which the config file does not have', async () => {
    const home = await homeWithFunctions(order)
    await writeFile(join(home, 'page.html'), '<h1>Rain</h1>')
    await raincheck(home, ['queue', 'pause'])
    const ref = (await raincheck(home, ['convert', 'page.html', '--bg'])).stdout.trim()
    expect((await raincheck(home, ['cancel', ref])).exitCode).toBe(0)
    await raincheck(home, ['queue', 'resume'])
    const retried = await raincheck(home, ['retry', ref])
    expect(retried).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Task started') })
    const again = retried.stdout.trim()
    expect(again).not.toBe(ref)
    expect(await raincheck(home, ['wait', again])).toMatchObject({ exitCode: 0 })
    await endWorker(home)
  })

  it('knows no ref that neither has, and ends with 3', async () => {
    const home = await homeWithFunctions(order)
    const { stdout, stderr, exitCode } = await raincheck(home, ['retry', `rc_${'0'.repeat(22)}`])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 })
    expect(stderr).toMatch(/^raincheck: no task is known by the ref rc_0{22}: [^\n]+\n$/)
  })

  it('names the function that neither has any more', async () => {
    const home = await homeWithFunctions(
      `gone: { asyncTimeout: '5s', run: async () => { throw 'no luck' } },`,
    )
    await raincheck(home, ['run', 'gone'])
    const [{ ref }] = JSON.parse((await raincheck(home, ['status', '--json'])).stdout)
    await writeFile(join(home, 'raincheck.config.mjs'), 'export default { functions: {} }')
    const { stdout, stderr, exitCode } = await raincheck(home, ['retry', ref])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
    expect(stderr).toMatch(/^raincheck: gone \(version 1, app .*\) is not wrapped in this process; [^\n]+\n$/)
  })
})
