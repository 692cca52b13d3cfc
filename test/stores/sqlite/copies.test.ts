import { cp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startFixture } from '../../support/child.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

describe.skipIf(process.platform !== 'linux')('two copies of the package in one process', () => {
  it('share the connection to a file, whose locks stay until both have closed it', async () => {
    const folder = await temporaryFolder()
    for (const part of ['dist', 'package.json'])
      await cp(join(root, part), join(folder, part), { recursive: true })
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const entries = [root, folder].map((copy) => join(copy, 'dist/index.js'))
    const child = startFixture('two-copies.mjs', join(folder, 'a.db'), ...entries)
    expect(await child.next('copies')).toEqual({ isOne: true, value: 1, kept: true, left: 0 })
    expect(await child.exited).toBe(0)
  })
})
