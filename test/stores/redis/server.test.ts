import { describe, expect, it, onTestFinished } from 'vitest'
import { createRaincheck, type Raincheck } from '../../../src/index.js'
import { freePort } from '../../support/free-port.mjs'
import { quickTime } from '../../support/quick-time.js'
import { hasRedis, redisOfTest } from '../../support/redis.js'

async function refusal(url: `redis://${string}`): Promise<unknown> {
  return open(url)
    .poll(ref)
    .catch((thrown: unknown) => thrown)
}

const ref = `rc_${'0'.repeat(22)}`

function open(url: `redis://${string}`): Raincheck {
  const rain = createRaincheck({ store: url, app: 'test' })
  onTestFinished(() => rain.close({ drain: 0 }))
  return rain
}

describe('an address where no server is', () => {
  it('is told at once, with what to look at and without the password', async () => {
    const error = await refusal(`redis://user:secret@127.0.0.1:${await freePort()}`)
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(
        /cannot use the store redis:\/\/127.*ECONNREFUSED.*is the server running/,
      ),
    })
    expect((error as Error).message).not.toContain('secret')
  })

  it.each(['', '/', '/7'])('is named as it was given, less the password: %j', async (database) => {
    const port = await freePort()
    const rain = createRaincheck({ store: `redis://:secret@127.0.0.1:${port}${database}` })
    const error = await rain.poll(ref).catch((thrown: unknown) => thrown)
    await rain.close()
    const named = `redis://127.0.0.1:${port}${database === '/' ? '' : database}`
    expect((error as Error).message).toContain(`cannot use the store ${named}: connect ECONNREFUSED`)
  })

  it('does not hold up a close that comes before that is known', async () => {
    const rain = createRaincheck({ store: `redis://127.0.0.1:${await freePort()}` })
    const polled = rain.poll(ref).catch((thrown: unknown) => thrown)
    await rain.close()
    expect(await polled).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})

describe.skipIf(!hasRedis)('when its Redis server', () => {
  async function computing() {
    const redis = await redisOfTest()
    const rain = open(redis.url)
    const errors: unknown[] = []
    rain.on('store-error', ({ error }) => errors.push(error))
    const square = rain.cached({ name: 'square', asyncTimeout: '20s', ttl: '1m' })(async (n: number) => n * n)
    await square(1)
    return { redis, rain, square, errors }
  }

  it('is killed, callers get their values, and when it is back all goes on as before', async () => {
    const { redis, rain, square, errors } = await computing()
    await redis.kill()
    expect(await square(2)).toMatchObject({ status: 'complete', value: 4 })
    expect(errors.length).toBeGreaterThan(0)
    await expect(rain.list()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await redis.startAgain()
    const { ref } = await square(3)
    expect(await open(redis.url).poll(ref)).toMatchObject({ value: 9 })
  })

  it('is frozen, calls are answered within the deadline of a store call, and go on when it thaws', async () => {
    const { quicken, slacken } = quickTime()
    const { redis, square } = await computing()
    redis.freeze()
    quicken()
    const startedAt = Date.now()
    expect(await square(4)).toMatchObject({ status: 'complete', value: 16 })
    expect(Date.now() - startedAt).toBeLessThan(15_000)
    slacken()
    redis.thaw()
    const { ref } = await square(5)
    expect(await open(redis.url).poll(ref)).toMatchObject({ value: 25 })
  })

  it('is frozen before the first use, that is told within the deadline', async () => {
    const { quicken } = quickTime()
    const redis = await redisOfTest()
    redis.freeze()
    quicken()
    expect(await refusal(redis.url)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/no answer within 4000 ms/),
    })
  })

  it('is full, callers get their values, and are told what to do', async () => {
    const { redis, square, errors } = await computing()
    redis.command('config', 'set', 'maxmemory', '1')
    expect(await square(6)).toMatchObject({ status: 'complete', value: 36 })
    expect(String(errors[0])).toMatch(/OOM.*it is full \(maxmemory\): give it more memory/)
    redis.command('config', 'set', 'maxmemory', '0')
    const { ref } = await square(7)
    expect(await open(redis.url).poll(ref)).toMatchObject({ value: 49 })
  })
})
