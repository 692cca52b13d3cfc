import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { createRaincheck, type RaincheckOptions, type TaskHandle } from '../../src/index.js'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { pass, rainWith, slowable, useFakeTime } from '../support/rain.js'

const user = new AsyncLocalStorage<string>()
const names = ['ann', 'bob', 'cid', 'dan', 'eve']

/** What each user's function sees before and after it waits. */
async function seenBy(
  limits: RaincheckOptions,
  options: object = {},
  call: object = {},
): Promise<string[][]> {
  const rain = createRaincheck(limits)
  const seen = new Map<string, string[]>()
  const whoami = rain.cached({ name: 'whoami', asyncTimeout: '1h', ...options })(
    async (name: string, task) => {
      seen.set(name, [...(seen.get(name) ?? []), user.getStore() ?? 'nobody'])
      await new Promise((resolve) => setTimeout(resolve, 10))
      seen.get(name)?.push(user.getStore() ?? 'nobody')
      if (task.attempt < 3 && 'retries' in options) throw new Error('again')
    },
  )
  const all = names.map((name, at) => user.run(name, () => whoami.value(name, { priority: at % 3, ...call })))
  await pass(60_000)
  await Promise.all(all)
  return names.map((name) => seen.get(name) ?? [])
}

describe('a function runs in the async context of the call that began its task', () => {
  it.each([
    ['concurrency 1', { concurrency: 1 }],
    ['concurrency 2, with priorities', { concurrency: 2 }],
    ['perScope', { concurrency: 4, perScope: 1 }],
    ['a rate limit', { rateLimit: { starts: 1, per: 50 } }],
  ])('with %s', async (_, limits) => {
    useFakeTime()
    expect(await seenBy(limits)).toEqual(names.map((name) => [name, name]))
  })

  it('in every attempt', async () => {
    useFakeTime()
    const seen = await seenBy({ concurrency: 1 }, { retries: 2, retryDelay: 20 })
    expect(seen).toEqual(names.map((name) => Array(6).fill(name)))
  })

  it('while the queue is paused and resumed by somebody else', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 2 })
    const whoami = rain.cached({ name: 'whoami', asyncTimeout: '1h' })(async (_: string) => user.getStore())
    rain.queue.pause()
    const seen = names.map((name) => user.run(name, () => whoami.value(name)))
    await pass(10)
    user.run('operator', () => rain.queue.resume())
    await pass(10)
    expect(await Promise.all(seen)).toEqual(names)
  })

  it('of an AsyncResource, whoever else joins', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const whoami = rain.cached({ name: 'whoami', asyncTimeout: '1h' })(async (_: string) => user.getStore())
    const request = user.run('ann', () => new AsyncResource('request'))
    const first = request.runInAsyncScope(() => whoami.value('same'))
    const second = user.run('bob', () => whoami.value('same'))
    await pass(10)
    expect(await Promise.all([first, second])).toEqual(['ann', 'ann'])
  })

  it('nested in another function, that of the nested call', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const inner = rain.cached({ name: 'inner', asyncTimeout: '1h' })(async (_: string) => user.getStore())
    const outer = rain.cached({ name: 'outer', asyncTimeout: '1h' })(async (name: string) => [
      await inner.value(`1 ${name}`),
      await user.run(`${name} as admin`, () => inner.value(`2 ${name}`)),
      user.getStore(),
    ])
    const seen = names.map((name) => user.run(name, () => outer.value(name)))
    await pass(1_000)
    expect(await Promise.all(seen)).toEqual(names.map((name) => [name, `${name} as admin`, name]))
  })
})

describe('a task that no call of this process began', () => {
  const whoAnswers = async (_: string, task: TaskHandle) => [
    await task.ask('key', 'Who?'),
    user.getStore() ?? 'nobody',
  ]

  it('runs, once it is answered, in the context in which the raincheck was made', async () => {
    useFakeTime()
    const rain = user.run('maker', () => createRaincheck())
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(whoAnswers)
    const { ref } = await user.run('ann', () => call('x'))
    await pass(10)
    await user.run('bob', () => rain.answer(ref, { key: 'yes' }))
    await pass(10)
    expect(await user.run('cid', () => rain.poll(ref))).toMatchObject({ value: ['yes', 'maker'] })
  })

  it('runs, taken over by a poll or a call, in the context in which the raincheck was made', async () => {
    useFakeTime()
    const tasks = { ...slowable(memoryTaskStore()), shared: true }
    const open = (name: string) => user.run(name, () => rainWith({ tasks, place: '/raincheck.config.js' }))
    const [one, other] = [open('one'), open('other')]
    const work = async (_: string) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return user.getStore() ?? 'nobody'
    }
    const { ref } = await user.run('ann', () => one.cached({ name: 'f', asyncTimeout: 0 })(work)('x'))
    other.cached({ name: 'f', asyncTimeout: 0 })(work)
    const closing = one.close({ drain: 0 })
    await pass(100)
    await closing
    const answer = user.run('bob', () => other.poll(ref, { wait: '1m' }))
    await pass(5_000)
    expect(await answer).toMatchObject({ value: 'other' })
  })
})
