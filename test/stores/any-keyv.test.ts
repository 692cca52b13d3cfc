import { Keyv } from 'keyv'
import { expect, it } from 'vitest'
import { createRaincheck } from '../../src/index.js'

it('what another program has put in the place of a value is told, not given out', async () => {
  const keyv = new Keyv()
  const rain = createRaincheck({ store: keyv })
  const { ref } = await rain.cached({ name: 'f', asyncTimeout: '5s' })(async () => 'mine')()
  expect(await rain.poll(ref)).toMatchObject({ value: 'mine' })
  await keyv.set(`value:${ref}`, { of: 'somebody else' })
  await expect(rain.poll(ref)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: `the store holds something else than a value of raincheck at value:${ref}`,
  })
  await rain.close()
})
