import { join } from 'node:path'
import KeyvRedis from '@keyv/redis'
import { KeyvSqlite } from '@keyv/sqlite'
import { Keyv, type KeyvOptions } from 'keyv'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRaincheck, type Raincheck, type RaincheckOptions } from '../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../support/rain.js'
import { hasRedis, RedisServer } from '../support/redis.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** What an adapter has kept, and a new process on it each time. */
function keeping(keyvOptions: KeyvOptions = {}) {
  const kept = new Map<string, unknown>()
  const state = { down: false }
  const use = <T>(operation: () => T): T => {
    if (state.down) throw new Error('down')
    return operation()
  }
  const adapter = () => ({
    opts: {},
    get: async (key: string) => use(() => kept.get(key)),
    set: async (key: string, value: unknown) => void (await use(() => kept.set(key, value))),
    delete: async (key: string) => use(() => kept.delete(key)),
    clear: async () => kept.clear(),
  })
  const open = (options: RaincheckOptions = {}) => {
    const store = new Keyv({ ...keyvOptions, store: adapter() as never })
    const rain = createRaincheck({ app: 'test', store, ...options })
    onTestFinished(() => rain.close({ drain: 0 }))
    return rain
  }
  return { kept, state, open }
}

function wrap(rain: Raincheck, options: object = {}) {
  const work = vi.fn(async (n: number) => {
    if (n < 0) throw Object.assign(new Error(`no ${n}`), { status: 400 })
    return { n }
  })
  return { work, call: rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h', ...options })(work) }
}

const codeOf = (promise: Promise<unknown>) => promise.catch(({ code }) => code)

describe('a Keyv that outlives the process', () => {
  it('gives a later process values by key and by ref', async () => {
    useFakeTime()
    const { open } = keeping()
    const first = open()
    const { ref } = await wrap(first).call(1)
    await first.close()
    const later = wrap(open())
    expect(await later.call(1)).toMatchObject({ status: 'complete', value: { n: 1 }, ref })
    expect(later.work).not.toHaveBeenCalled()
    expect(await open().poll(ref)).toMatchObject({ status: 'complete', value: { n: 1 }, name: 'f' })
    await pass(3_600_000)
    expect(await later.call(1)).toMatchObject({ value: { n: 1 } })
    expect(later.work).toHaveBeenCalledTimes(1)
  })

  it('gives it what became of tasks without a value, and the input for a retry', async () => {
    const { open } = keeping()
    const first = open()
    const { call } = wrap(first, { asyncTimeout: 0 })
    const failed = await call(-1)
    const { ref: cancelled } = await first.cached({ name: 'g', asyncTimeout: 0 })(heldFunction().work)(1)
    await first.cancel(cancelled)
    await first.poll(failed.ref, { wait: '5s' })
    await first.close()
    const next = open()
    const later = wrap(next)
    expect(await next.poll(failed.ref)).toMatchObject({
      status: 'failed',
      error: { message: 'no -1', properties: { status: 400 } },
    })
    expect((await next.poll(cancelled)).status).toBe('cancelled')
    expect(await next.cancel(cancelled)).toBe('already-settled')
    await expect(next.retry(failed.ref)).rejects.toThrow('no -1')
    expect(later.work).toHaveBeenCalledTimes(1)
  })

  it('lets an old value stand in, as long as its grace', async () => {
    useFakeTime()
    const { open } = keeping()
    await wrap(open(), { grace: '1d' }).call(1)
    await pass(3_600_000)
    const { work, letGo } = heldFunction<number>()
    const call = open().cached({ name: 'f', asyncTimeout: 0, ttl: '1h', grace: '1d' })(work)
    expect(await call(1)).toMatchObject({ value: { n: 1 }, stale: true })
    letGo({ n: 2 })
    await pass(0)
    expect(await call(1)).toMatchObject({ value: { n: 2 } })
  })

  it('keeps scopes apart', async () => {
    const { open } = keeping()
    const { ref } = await wrap(open()).call(1, { scope: 'a' })
    const rain = open()
    expect(await codeOf(rain.poll(ref))).toBe('REF_NOT_FOUND')
    expect(await rain.scope('a').poll(ref)).toMatchObject({ value: { n: 1 } })
    const { call, work } = wrap(rain)
    await call(1, { scope: 'b' })
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('knows nothing of tasks that had not settled', async () => {
    const { kept, open } = keeping()
    const { ref } = await open().cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)(1)
    expect(kept.size).toBe(0)
    expect(await codeOf(open().poll(ref))).toBe('REF_NOT_FOUND')
  })

  it('forgets what a later process forgets', async () => {
    const { kept, open } = keeping()
    const { ref } = await wrap(open()).call(1)
    const rain = open()
    await rain.forget(ref)
    expect(await codeOf(rain.poll(ref))).toBe('REF_NOT_FOUND')
    expect([...kept.keys()].filter((key) => key.includes(ref))).toEqual([])
    const { call, work } = wrap(rain)
    await call(1)
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('keeps a value that was on its way into it when its input was forgotten for its ref alone', async () => {
    useFakeTime()
    const { kept, open } = keeping()
    const { call, work } = wrap(open())
    const set = kept.set.bind(kept)
    // The last thing that is written.
    kept.set = (key, value) => {
      set(key, value)
      return (key.includes('key:') ? new Promise((resolve) => setTimeout(resolve, 100)) : kept) as never
    }
    const first = call(1)
    await pass(50)
    const forgotten = call.forget(1)
    await pass(300)
    await forgotten
    expect(await call.peek(1)).toBeUndefined()
    const { ref } = await first
    expect(await open().poll(ref)).toMatchObject({ status: 'complete', value: { n: 1 } })
    kept.set = set
    await call(1)
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('that others clear answers nothing any more, neither values nor errors, after memoryTtl', async () => {
    useFakeTime()
    const { kept, open } = keeping()
    const rain = open({ memoryTtl: '2s' })
    const { call, work } = wrap(rain, { errorTtl: '1h' })
    const { ref } = await call(1)
    await call(-1).catch(() => {})
    const [failed] = (await rain.list({ status: 'failed' })).tasks
    expect(failed).toBeDefined()
    kept.clear()
    for (const gone of [ref, failed?.ref])
      expect(await codeOf(rain.poll(gone as never))).toBe('REF_NOT_FOUND')
    await pass(1_999)
    await call(1)
    await expect(call(-1)).rejects.toThrow('no -1')
    expect(work).toHaveBeenCalledTimes(2)
    await pass(1)
    await call(1)
    await expect(call(-1)).rejects.toThrow('no -1')
    expect(work).toHaveBeenCalledTimes(4)
  })

  it('keeps nothing that never expires', async () => {
    useFakeTime()
    const { kept, open } = keeping()
    const { call } = wrap(open({ retention: '1m' }), { errorTtl: '1m' })
    await call(1)
    await call(-1).catch(() => {})
    const expiries = [...kept.values()].map((text) => JSON.parse(String(text)).expires - Date.now())
    expect(expiries.sort((one, other) => one - other)).toEqual([60_000, 3_600_000, 3_600_000, 3_600_000])
  })

  it('loses what is pruned, but not what memory has no room for', async () => {
    useFakeTime()
    const { kept, open } = keeping()
    const rain = open({ maxEntries: 10 })
    const { call } = wrap(rain)
    const { ref } = await call(0)
    for (let n = 1; n < 600; n++) await call(n)
    expect((await rain.list({ limit: 1_000 })).tasks.length).toBeLessThan(300)
    expect(await rain.poll(ref)).toMatchObject({ value: { n: 0 } })
    await pass(10)
    const pruned = await rain.prune({ olderThan: 0 })
    expect(pruned).toBeGreaterThan(50)
    const refs = [...kept.keys()].filter((key) => /:(task|value):/.test(key))
    expect(refs).toHaveLength(2 * (600 - pruned))
  })

  it('that is down costs no caller a value, nor a ref for long', async () => {
    useFakeTime()
    const { state, open } = keeping()
    const rain = open()
    const errors = vi.fn()
    rain.on('store-error', errors)
    const { call } = wrap(rain)
    const held = heldFunction<number>()
    const slow = rain.cached({ name: 'slow', asyncTimeout: '1s' })(held.work)
    state.down = true
    expect(await call(1)).toMatchObject({ value: { n: 1 } })
    expect(errors).toHaveBeenCalled()
    const handedOff = slow(1)
    await pass(1_000)
    const { ref } = await handedOff
    held.letGo('value')
    await pass(10_000)
    state.down = false
    await pass(60_000)
    expect(await open().poll(ref)).toMatchObject({ status: 'complete', value: 'value' })
    expect(rain.busy).toBe(false)
  })

  it('that is down for long when a task ends still gets its value', async () => {
    useFakeTime()
    const { state, open } = keeping()
    const rain = open()
    const { work, letGo } = heldFunction<number>()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0, ttl: '1h' })(work)(1)
    await pass(0)
    state.down = true
    letGo('value')
    await pass(1_800_000)
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'value' })
    state.down = false
    await pass(60_000)
    for (const process of [rain, open()])
      expect(await process.poll(ref)).toMatchObject({ status: 'complete', value: 'value' })
  })

  it('that refuses a value has its end without it', async () => {
    useFakeTime()
    const { kept, open } = keeping()
    const rain = open()
    const { set } = kept
    kept.set = (key, value) => {
      if (String(value).length > 5_000) throw new Error('too large')
      return Reflect.apply(set, kept, [key, value])
    }
    const big = rain.cached({ name: 'big', asyncTimeout: '1s' })(async () => 'x'.repeat(10_000))
    const { ref } = await big()
    await pass(100_000)
    for (const process of [rain, open()])
      expect(await process.poll(ref)).toMatchObject({
        status: 'failed',
        error: { code: 'STORE_UNAVAILABLE' },
      })
  })

  it('may turn what it keeps into text in its own way', async () => {
    const serialize = (data: object) => `own ${Buffer.from(JSON.stringify(data)).toString('base64')}`
    const deserialize = (text: string) => JSON.parse(Buffer.from(text.slice(4), 'base64').toString())
    const { kept, open } = keeping({ serialize, deserialize, namespace: 'mine' } as KeyvOptions)
    const { ref } = await wrap(open()).call(1)
    const texts = [...kept.entries()]
    expect(texts.every(([key, text]) => key.startsWith('mine:') && String(text).startsWith('own '))).toBe(
      true,
    )
    expect(await open().poll(ref)).toMatchObject({ value: { n: 1 } })
  })

  it('ignores records of a newer raincheck', async () => {
    const { kept, open } = keeping()
    const { ref } = await wrap(open()).call(1)
    for (const [key, text] of kept) kept.set(key, String(text).replace(/\\"format\\":\d+/, '\\"format\\":99'))
    const rain = open()
    expect(await codeOf(rain.poll(ref))).toBe('REF_NOT_FOUND')
    const { call, work } = wrap(rain)
    await call(1)
    expect(work).toHaveBeenCalledTimes(1)
  })
})

it('a Keyv on a SQLite file is used after a restart', async () => {
  const path = join(await temporaryFolder(), 'values.db')
  const live = async (use: (rain: Raincheck) => Promise<void>) => {
    const adapter = new KeyvSqlite({ uri: `sqlite://${path}` })
    const rain = createRaincheck({ app: 'test', store: new Keyv({ store: adapter }) })
    await use(rain)
    await rain.close()
    await adapter.disconnect()
  }
  let ref: string | undefined
  await live(async (rain) => {
    ref = (await wrap(rain).call(1)).ref
  })
  await live(async (rain) => {
    const { call, work } = wrap(rain)
    expect(await call(1)).toMatchObject({ value: { n: 1 }, ref })
    expect(work).not.toHaveBeenCalled()
  })
})

describe.skipIf(!hasRedis)('a Keyv on a Redis server', () => {
  it('is used after a restart, and by several processes', async () => {
    const redis = await RedisServer.start()
    onTestFinished(() => redis.stop())
    const open = () => {
      const adapter = new KeyvRedis(redis.url)
      const rain = createRaincheck({ app: 'test', store: new Keyv({ store: adapter, namespace: 'mine' }) })
      onTestFinished(async () => {
        await rain.close()
        await adapter.disconnect()
      })
      return rain
    }
    const { ref } = await wrap(open()).call(1)
    const rain = open()
    const { call, work } = wrap(rain)
    expect(await call(1)).toMatchObject({ value: { n: 1 }, ref })
    expect(await rain.poll(ref)).toMatchObject({ value: { n: 1 } })
    expect(work).not.toHaveBeenCalled()
  })
})

it('a Keyv on a Map, which ends with the process, has the values alone', async () => {
  const values = new Map<string, unknown>()
  const rain = createRaincheck({ store: new Keyv({ store: values }) })
  onTestFinished(() => rain.close())
  const { ref } = await wrap(rain).call(1)
  expect([...values.keys()]).toEqual([`keyv:value:${ref}`])
})
