import { describe, expect, it, onTestFinished } from 'vitest'
import { createRaincheck, type RaincheckError } from '../../../src/index.js'
import { heldFunction } from '../../support/rain.js'
import { hasRedis, type RedisServer, redisOfTest } from '../../support/redis.js'
import { somebodyElse } from '../../support/somebody-else.js'

const faults: [string, (redis: RedisServer) => unknown][] = [
  ['FLUSHALL', (redis) => redis.command('flushall')],
  ['FLUSHDB', (redis) => redis.command('flushdb')],
  [
    'a flush that another process has seen first',
    async (redis) => {
      redis.command('flushall')
      const rain = createRaincheck({ store: redis.url, app: 'other' })
      await rain.list()
      await rain.close()
    },
  ],
  [
    'a restart that left it empty',
    async (redis) => {
      redis.command('flushall')
      await redis.kill()
      await redis.startAgain()
    },
  ],
]

/** A long-lived process: a held function, handed off after 60 ms, and a quick one. */
async function longLived() {
  const redis = await redisOfTest()
  const rain = createRaincheck({ store: redis.url, app: 'test' })
  onTestFinished(() => rain.close({ drain: 0 }))
  const errors: RaincheckError[] = []
  rain.on('store-error', ({ error }) => errors.push(error as RaincheckError))
  const { work, letGo } = heldFunction<number>()
  const slow = rain.cached({ name: 'slow', asyncTimeout: 60, ttl: '1h' })(work)
  const quick = rain.cached({ name: 'quick', asyncTimeout: '20s', ttl: '1h' })(async (n: number) => n * n)
  return { redis, rain, slow, quick, letGo, errors }
}

describe.skipIf(!hasRedis)('a Redis server under a live process', () => {
  const redeem = somebodyElse()

  it.each(faults)('after %s has every ref that is given, and that is told', async (_, fault) => {
    const { redis, rain, slow, quick, letGo, errors } = await longLived()
    const { ref: settled } = await quick(1)
    const { ref: before } = await slow(2)
    await fault(redis)
    const given = await quick(3)
    const { ref: after } = await slow(4)
    expect(await redeem(redis.url, [before, given.ref, after])).toEqual(['live', 9, 'live'])
    letGo('second')
    letGo('fourth')
    expect(await redeem(redis.url, [before, after], '20s')).toEqual(['second', 'fourth'])
    await expect(rain.poll(settled)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    const lost = errors.filter(({ code }) => code !== 'STORE_UNAVAILABLE')
    expect(lost).toMatchObject([
      {
        code: 'STORE_LOST',
        message: expect.stringMatching(/redis:\/\/127.* was flushed while this process/),
      },
    ])
  })

  it('that is restarted on its own file has lost nothing, and nothing is told', async () => {
    const { redis, slow, quick, letGo, errors } = await longLived()
    const { ref: settled } = await quick(1)
    const { ref: live } = await slow(2)
    await redis.kill()
    await redis.startAgain()
    letGo('second')
    await expect.poll(() => redeem(redis.url, [settled, live])).toEqual([1, 'second'])
    expect(errors.filter(({ code }) => code === 'STORE_LOST')).toEqual([])
  })
})
