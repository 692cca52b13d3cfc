import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createRaincheck, type Raincheck } from '../../../src/index.js'
import { redisTaskStore } from '../../../src/stores/redis/redis.js'
import { redisServer } from '../../../src/stores/redis/server.js'
import { settlement, storedTask } from '../../../src/testing/stored-task.js'
import { startFixture } from '../../support/child.js'
import { hasRedis, RedisServer, redisOfTest } from '../../support/redis.js'

const ref = `rc_${'0'.repeat(22)}`

function open(url: `redis://${string}`): Raincheck {
  const rain = createRaincheck({ store: url, app: 'test' })
  onTestFinished(() => rain.close({ drain: 0 }))
  return rain
}

async function refusal(url: `redis://${string}`): Promise<unknown> {
  return open(url)
    .poll(ref)
    .catch((thrown: unknown) => thrown)
}

describe.each(['redis://', 'redis://host/first', 'redis://user:secret@host/x', 'rediss://:secret@host:port'])(
  'the address %s',
  (url) => {
    it('is refused when it is given, without telling the password', () => {
      const given = () => createRaincheck({ store: url as 'redis://' })
      expect(given).toThrow(/store must be redis\[s\]:\/\/.*got/)
      expect(given).not.toThrow(/secret/)
    })
  },
)

describe.skipIf(!hasRedis)('a store on Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await RedisServer.start()
  })
  afterAll(() => redis.stop())

  it('a ref is redeemed by another connection, with the types of the value', async () => {
    const value = { date: new Date(5), map: new Map([['a', 1n]]), bytes: Buffer.from('x'), none: undefined }
    const call = open(redis.url).cached({ name: 'types', asyncTimeout: '10s' })(async () => value)
    const answer = await call()
    expect(await open(redis.url).poll(answer.ref)).toMatchObject({ status: 'complete', value })
  })

  it('equal calls of two connections run once', async () => {
    let runs = 0
    const calls = [1, 2].map(() =>
      open(redis.url).cached({ name: 'once', asyncTimeout: '10s', ttl: '1m' })(async (n: number) => {
        runs++
        await new Promise((resolve) => setTimeout(resolve, 50))
        return n * n
      }),
    )
    const answers = await Promise.all(calls.flatMap((call) => [call(3), call(3), call(3)]))
    expect(answers.map((answer) => answer.status === 'complete' && answer.value)).toEqual(Array(6).fill(9))
    expect(runs).toBe(1)
  })

  it('keeps the databases of one server apart', async () => {
    const answer = await open(redis.url).cached({ name: 'apart', asyncTimeout: '10s' })(async () => 1)()
    expect(await refusal(`${redis.url}/3`)).toMatchObject({ code: 'REF_NOT_FOUND' })
    expect(await open(`${redis.url}/0`).poll(answer.ref)).toMatchObject({ value: 1 })
  })

  it('tells that there is no such database', async () => {
    expect(await refusal(`${redis.url}/99`)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('check the database number'),
    })
  })

  it('removes a value with its task, and nothing is left of either', async () => {
    const rain = open(`${redis.url}/1`)
    const answer = await rain.cached({ name: 'gone', asyncTimeout: '10s', ttl: '1m' })(async () => 1)()
    await rain.forget(answer.ref)
    // The format, what the server is, and the process that is still here.
    const left = redis.command('-n', '1', 'keys', '*').split('\n').sort()
    expect(left).toEqual(['raincheck:format', 'raincheck:identity', 'raincheck:owners'])
  })

  it('lists and sweeps more than one script looks at', async () => {
    const server = redisServer(`${redis.url}/2`)
    const store = redisTaskStore(server)
    const tasks = Array.from({ length: 450 }, (_, at) =>
      storedTask({ createdAt: at, name: at % 9 ? 'many' : 'few' }),
    )
    await Promise.all(tasks.map((task) => store.start(task, { now: Date.now(), refresh: false })))
    await Promise.all(tasks.map(({ ref }) => store.settle(ref, 1, settlement({ expiresAt: 5 }))))
    const few = await store.list({ scope: '', name: 'few', status: 'complete', limit: 1_000 })
    expect(few.map(({ createdAt }) => createdAt)).toEqual(Array.from({ length: 50 }, (_, at) => 441 - 9 * at))
    const newest = await store.list({ scope: '', status: 'complete', limit: 300 })
    expect(newest.map(({ createdAt }) => createdAt)).toEqual(Array.from({ length: 300 }, (_, at) => 449 - at))
    let removed = 0
    for (let some = -1; some !== 0; removed += some)
      some = (await store.sweep({ now: 5, maxEntries: 1 })).length
    expect(removed).toBe(450)
    expect(await store.list({ scope: '', limit: 10 })).toEqual([])
    await server.close()
  })

  it('gives what nobody holds by priority, then by interruptions, then by age, whoever held it', async () => {
    const server = redisServer(`${redis.url}/4`)
    const store = redisTaskStore(server)
    const start = async (changes: object) => {
      const task = storedTask(changes)
      await store.start(task, { now: Date.now(), refresh: false })
      return task.ref
    }
    const young = await start({ owner: 'a', createdAt: 30 })
    const running = await start({ owner: 'a', createdAt: 10 })
    const old = await start({ owner: 'b', createdAt: 20 })
    const urgent = await start({ owner: 'b', createdAt: 40, priority: 0.5 })
    const waits = await start({ owner: 'c', createdAt: 5, priority: -1 })
    await store.update(running, 1, { status: 'processing' })
    expect((await store.unheld()).map(({ ref }) => ref)).toEqual([urgent, old, young, running, waits])
    await store.update(waits, 1, { priority: 2 })
    expect((await store.unheld())[0]?.ref).toBe(waits)
    await server.close()
  })

  it('a server that is full refuses a settle whole, and takes it when there is room', async () => {
    const full = await redisOfTest()
    const server = redisServer(full.url)
    const store = redisTaskStore(server)
    const { ref, key } = await store.start(storedTask(), { now: Date.now(), refresh: false })
    const before = await store.get(ref)
    full.command('config', 'set', 'maxmemory', '1')
    await expect(store.settle(ref, 1, settlement(), 'j5')).rejects.toThrow(/OOM/)
    expect(await store.get(ref)).toEqual(before)
    expect(await store.latest(key)).toBeUndefined()
    expect(full.command('exists', `raincheck:value:${ref}`)).toBe('0')
    full.command('config', 'set', 'maxmemory', '0')
    expect(await store.settle(ref, 1, settlement(), 'j5')).toBe(true)
    expect(await open(full.url).poll(ref)).toMatchObject({ status: 'complete', value: 5 })
    await server.close()
  })

  it('written by version 0.1.0 it is brought up to date, with what is in it', async () => {
    const url = `${redis.url}/6` as const
    const before = redisServer(url)
    const task = storedTask({ format: 3 })
    await redisTaskStore(before).start(task, { now: Date.now(), refresh: false })
    const { instance: _, metadata: __, place: ___, ...older } = task
    const { format, app, version, title, resume, input } = older
    const facts = JSON.stringify({ format, app, version, title, resume, input })
    redis.command('-n', '6', 'hset', `raincheck:task:${task.ref}`, 'facts', facts)
    redis.command('-n', '6', 'set', 'raincheck:format', '3')
    await before.close()
    const after = redisServer(url)
    expect(await redisTaskStore(after).get(task.ref)).toEqual({ ...task, held: false })
    expect(redis.command('-n', '6', 'get', 'raincheck:format')).toBe('4')
    await after.close()
  })

  it('written by a newer raincheck it is refused', async () => {
    const server = redisServer(`${redis.url}/5`)
    await server.use(({ client }) => client.set('raincheck:format', 99))
    await server.close()
    expect(await refusal(`${redis.url}/5`)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('newer raincheck (format 99'),
    })
  })

  it('keeps no process alive that has nothing to do', async () => {
    const child = startFixture('redis-no-close.mjs', redis.url)
    expect(await child.next('status')).toBe('complete')
    expect(await child.exited).toBe(0)
  })
})

describe.skipIf(!hasRedis)('a Redis server with a password', () => {
  it('is opened with it, and refused without or with a wrong one', async () => {
    const redis = await redisOfTest('--requirepass', 's3cret')
    const address = `127.0.0.1:${redis.port}`
    expect(await refusal(`redis://:s3cret@${address}`)).toMatchObject({ code: 'REF_NOT_FOUND' })
    for (const url of [redis.url, `redis://:wrong@${address}`] as const)
      expect(await refusal(url)).toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining('check user and password'),
      })
  })
})
