import { describe, expect, it } from 'vitest'
import { allGone, raincheck } from '../../support/cli.js'
import { homeWithFunctions } from '../../support/command.js'
import { fieldsOf, stdioV1 } from '../mcp-server/clients.js'

const square = `square: { asyncTimeout: '5s', run: async ({ n }) => n * n },`

/** Of a config file that names a Keyv: the records of tasks are in the memory of each process. */
const homeWithKeyv = () =>
  homeWithFunctions(square, 'store: new Keyv(),', `import { Keyv } from '${import.meta.resolve('keyv')}'`)

describe('with a store that no other process sees', () => {
  it.each([
    ['queue', 'this store has no worker'],
    ['worker', 'this store has no worker'],
    ['run square {"n":5} --bg', 'work in the background needs a store that other processes see'],
    ['convert raincheck.config.mjs --bg', 'work in the background needs a store that other processes see'],
    ['serve .', 'serve needs a store that other processes see'],
  ])('%s says that it needs another, and how to get one', async (command, message) => {
    const home = await homeWithKeyv()
    const { stdout, stderr, exitCode } = await raincheck(home, command.split(' '))
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
    expect(stderr).toMatch(/^raincheck: [^\n]+; set `store: 'sqlite'` in the config file\n$/)
    expect(stderr).toContain(message)
  })

  it('functions run in the foreground, doctor finds nothing wrong, and there are no tasks to tell of', async () => {
    const home = await homeWithKeyv()
    expect(await raincheck(home, ['run', 'square', '{"n":5}'])).toMatchObject({ stdout: '25\n', exitCode: 0 })
    const doctor = await raincheck(home, ['doctor'])
    expect(doctor.exitCode).toBe(0)
    expect(doctor.stdout).toContain('ok    store: neither an SQLite file nor on Redis: there is no worker\n')
    expect(await raincheck(home, ['status'])).toEqual({ stdout: '', stderr: '', exitCode: 0 })
  })

  it('an MCP server says where tasks are, and redeems refs as long as it runs', async () => {
    const home = await homeWithKeyv()
    const { call, close } = await stdioV1(home, ['.'])
    expect(fieldsOf(await call('get_server_info'))).toMatchObject({ store: 'the one of the config file' })
    const started = await call('start_task', { function: 'square', input: { n: 6 } })
    const { ref } = fieldsOf<{ ref: string }>(started)
    expect(fieldsOf(await call('get_task_result', { ref }))).toMatchObject({ status: 'complete' })
    await close()
    await allGone(home)
  })
})
