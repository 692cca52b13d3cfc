import { expect, it, onTestFinished, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'

it('a listener that throws is an uncaught error of its own, and the task goes on', async () => {
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const uncaught = vi.fn()
  process.on('uncaughtException', uncaught)
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException')
    for (const listener of others) process.on('uncaughtException', listener)
  })
  const rain = createRaincheck()
  for (const event of ['miss', 'start', 'complete'] as const)
    rain.on(event, () => {
      throw new Error(`listener of ${event}`)
    })
  const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => 'value')
  expect(await call()).toMatchObject({ status: 'complete', value: 'value' })
  expect(uncaught.mock.calls.map(([error]) => error.message)).toEqual([
    ...['listener of miss', 'listener of start', 'listener of complete'],
  ])
  await rain.close()
})
