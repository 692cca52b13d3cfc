import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { freePort } from '../../support/free-port.mjs'

const ref = `rc_${'0'.repeat(22)}`

describe('an address where no server is', () => {
  it.each(['', '/', '/7'])('R18: is named as it was given, less the password: %j', async (database) => {
    const port = await freePort()
    const rain = createRaincheck({ store: `redis://:secret@127.0.0.1:${port}${database}` })
    const error = await rain.poll(ref).catch((thrown: unknown) => thrown)
    await rain.close()
    const named = `redis://127.0.0.1:${port}${database === '/' ? '' : database}`
    expect((error as Error).message).toContain(`cannot use the store ${named}: connect ECONNREFUSED`)
  })

  it('R21: does not hold up a close that comes before that is known', async () => {
    const rain = createRaincheck({ store: `redis://127.0.0.1:${await freePort()}` })
    const polled = rain.poll(ref).catch((thrown: unknown) => thrown)
    await rain.close()
    expect(await polled).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})
