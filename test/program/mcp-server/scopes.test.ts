import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { textOf } from '../../mcp/peers.js'
import { endWorker, raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { fieldsOf, stdioV1 } from './clients.js'

const place = async () => {
  const home = await temporaryFolder()
  for (const name of ['one', 'other']) {
    await mkdir(join(home, name))
    await writeFile(join(home, name, 'note.txt'), `a note of ${name}`)
  }
  return home
}

const redeem = async (home: string, folder: string, ref: string) => {
  const { call, close } = await stdioV1(home, [folder])
  const result = await call('get_task_result', { ref, wait: 10_000 })
  await close()
  return textOf(result)
}

it('a task is unknown to servers of other folders, and found again by one of the same', async () => {
  const home = await place()
  const first = await stdioV1(home, ['one'])
  const { ref } = fieldsOf<{ ref: string }>(await first.call('start_conversion', { path: 'note.txt' }))
  await first.close()
  expect(await redeem(home, 'one', ref)).toContain('a note of one')
  expect(await redeem(home, 'other', ref)).toContain('REF_NOT_FOUND')
  await endWorker(home)
})

it('tasks of the command line are unknown to a server, though they are of its folder', async () => {
  const home = await place()
  const { stdout } = await raincheck(home, ['convert', 'one/note.txt', '--background'])
  const ref = stdout.trim()
  expect(await raincheck(home, ['wait', ref])).toMatchObject({ exitCode: 0 })
  expect(await redeem(home, 'one', ref)).toContain('REF_NOT_FOUND')
  await endWorker(home)
})
