import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

it.each([0, 1, 65_500, 65_536, 66_000, 3_000_000])(
  'a value of %s characters is read whole',
  async (length) => {
    const options = { store: `sqlite:${join(await temporaryFolder(), 'a.db')}`, app: 'test' } as const
    const [writer, reader] = [createRaincheck(options), createRaincheck(options)]
    const { ref } = await writer.cached({ name: 'f', asyncTimeout: '20s' })(async () => 'é'.repeat(length))()
    expect(await reader.poll(ref)).toMatchObject({ status: 'complete', value: 'é'.repeat(length) })
    await Promise.all([writer.close(), reader.close()])
  },
)
