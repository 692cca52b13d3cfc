import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

it('status shows what the caller said about a task beside its title, and in JSON', async () => {
  const home = await temporaryFolder()
  const rain = createRaincheck({ store: `sqlite:${join(home, 'data/raincheck.db')}` })
  const metadata = { user: 'ada' }
  const { ref } = await rain.cached({ name: 'report', asyncTimeout: '5s' })(async () => 1)(undefined, {
    metadata,
  })
  await rain.close()
  const line = `report {"user":"ada"}: complete (raincheck result ${ref})`
  expect((await raincheck(home, ['status', ref])).stdout.trim()).toBe(line)
  expect((await raincheck(home, ['status', 'all'])).stdout).toContain(line)
  expect(JSON.parse((await raincheck(home, ['status', ref, '--json'])).stdout)).toMatchObject({
    ref,
    metadata,
  })
  expect(JSON.parse((await raincheck(home, ['status', 'all', '--json'])).stdout)).toMatchObject([
    { ref, metadata },
  ])
})
