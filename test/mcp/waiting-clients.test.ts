import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import { registerCachedTool } from '../../src/mcp/index.js'
import { heldFunction, pass, useFakeTime } from '../support/rain.js'
import { type Progress, peers } from './peers.js'

const input = z.object({ n: z.number() })

describe.each(peers)('while a client of %s waits', (_, connect) => {
  it('tells it of progress that grows, and of nothing after the answer', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const wrapped = rain.cached({ name: 'f', asyncTimeout: '2100ms', input })(async ({ n }, task) => {
      const steps = [1, 1, 2, 1, 3, 4, 5]
      steps.forEach((current, at) => {
        setTimeout(() => task.progress({ current, total: 5, message: `step ${current}` }), (at + 1) * 400)
      })
      return heldFunction().work(n)
    })
    const { call } = await connect((host) => registerCachedTool(host, 'f', wrapped))
    const told: object[] = []
    const answer = call('f', { n: 1 }, { onprogress: (progress) => told.push(progress) })
    await pass(2_100)
    await answer
    await pass(2_000)
    expect(told).toEqual([1, 2, 3].map((progress) => ({ progress, total: 5, message: `step ${progress}` })))
  })

  it('counts the reports of a function that does not count, four a second at most', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const wrapped = rain.cached({ name: 'f', asyncTimeout: '1s', input })(async ({ n }, task) => {
      for (let at = 1; at <= 10; at++) setTimeout(() => task.progress({ message: `line ${at}` }), at * 100)
      return heldFunction().work(n)
    })
    const { call } = await connect((host) => registerCachedTool(host, 'f', wrapped))
    const told: Progress[] = []
    const answer = call('f', { n: 1 }, { onprogress: (progress) => told.push(progress) })
    await pass(1_000)
    await answer
    expect(told.map(({ progress, message }) => [progress, message])).toEqual([
      ...[
        [1, 'line 1'],
        [2, 'line 4'],
        [3, 'line 7'],
      ],
    ])
  })

  it('its cancelled request ends the waiting, not the work', async () => {
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    let left = () => {}
    const hasLeft = new Promise<void>((resolve) => {
      left = resolve
    })
    const wrapped = rain.cached({ name: 'f', asyncTimeout: '1h', input })(work)
    const { call } = await connect((host) =>
      registerCachedTool(
        {
          registerTool: (name, config, handler) =>
            host.registerTool(name, config, (args, context) => {
              const result = handler(args, context)
              result.then(left)
              return result
            }),
        },
        'f',
        wrapped,
      ),
    )
    const controller = new AbortController()
    const answer = call('f', { n: 1 }, { signal: controller.signal })
    await new Promise((resolve) => setTimeout(resolve, 0))
    controller.abort()
    await expect(answer).rejects.toThrow()
    await hasLeft
    const { tasks } = await rain.list()
    expect(tasks).toMatchObject([{ status: 'processing' }])
    letGo('done')
    expect(await rain.poll(tasks[0]?.ref ?? '', { wait: '1s' })).toMatchObject({ value: 'done' })
  })
})
