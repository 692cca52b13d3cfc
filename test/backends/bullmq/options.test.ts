import { describe, expect, it } from 'vitest'
import { bullmq } from '../../../dist/backends/bullmq/index.js'
import { createRaincheck } from '../../../dist/index.js'

describe('bullmq()', () => {
  it.each([
    [{ connection: 'http://x' }, /connection must be a URL/],
    [{ connection: 'redis://x', queue: 'a:b' }, /queue must be a name without a colon, got 'a:b'/],
    [{ connection: 'redis://x', concurrency: -1 }, /concurrency must be a whole number of 0 or more/],
    [
      { connection: 'redis://x', globalConcurrency: 0 },
      /globalConcurrency must be a whole number of 1 or more/,
    ],
    [{ connection: 'redis://x', size: 1 }, /there is no option 'size'/],
  ])('refuses %j, and says why', (options, message) => {
    expect(() => bullmq(options as never)).toThrow(message)
  })

  it('is refused together with perScope, which it cannot keep', () => {
    const backend = bullmq({ connection: 'redis://127.0.0.1:1' })
    expect(() => createRaincheck({ backend, perScope: 1 })).toThrow(
      /perScope must be left out: the bullmq backend/,
    )
  })
})

describe.each([null, 5, undefined, ''])('a connection that is %j', (connection) => {
  it('is refused, and what was given is not shown', () => {
    expect(() => bullmq({ connection: connection as never })).toThrow(
      /^connection must be a URL such as 'redis:\/\/localhost:6379', or options of ioredis, got '\w+'$/,
    )
  })
})
