import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { binary, runToEnd } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))
const without = ['--import', fixture('without-peers.mjs')]

it('where an optional peer is not installed, what needs it says by which command it is', async () => {
  const home = await temporaryFolder()
  const { stdout, stderr } = await runToEnd(process.execPath, [...without, fixture('peers-in-use.mjs')], home)
  expect(stderr).toBe('')
  const queue = {
    code: 'MISSING_PEER',
    message: 'the BullMQ backend needs bullmq and ioredis: run `npm install bullmq ioredis`',
  }
  expect(JSON.parse(stdout)).toEqual({
    store: {
      code: 'MISSING_PEER',
      message: 'a store on Redis needs @keyv/redis: run `npm install @keyv/redis`',
    },
    queue,
    inspected: queue,
  })
})

const loadsTypeScript = Reflect.get(process.features, 'typescript') !== undefined

it.skipIf(loadsTypeScript)(
  `a config file in TypeScript needs jiti${loadsTypeScript ? ' (this Node loads it by itself)' : ''}`,
  async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'raincheck.config.ts'), 'export default { functions: {} as object }\n')
    const installed = await runToEnd(process.execPath, [binary, 'status'], home)
    expect(installed).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('jiti') })
    const { stderr, exitCode } = await runToEnd(process.execPath, [...without, binary, 'status'], home)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^raincheck: file:.*raincheck\.config\.ts is TypeScript.*run `npm install jiti`/)
  },
)
