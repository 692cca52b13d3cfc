import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import { registerCachedTool } from '../../src/mcp/index.js'
import { peers, textOf } from './peers.js'

const range = { name: 'RangeError', message: 'too wide' }

describe.each(peers)('a value that JSON has no type for, on %s,', (_, connect) => {
  async function answering(value: unknown) {
    const wrapped = createRaincheck().cached({ name: 'f', asyncTimeout: '1s', input: z.object({}) })(
      async () => value,
    )
    const { call } = await connect((host) => registerCachedTool(host, 'f', wrapped))
    return call('f')
  }

  it.each([
    ['the list of its entries for a Map', new Map([['a', new Map([['b', 1n]])]]), [['a', [['b', '1']]]]],
    ['a list for a Set', new Set(['one', 'two']), ['one', 'two']],
    ['its name and message, without a stack, for an Error', new RangeError('too wide'), range],
    ['base64 for a buffer', Uint8Array.from([104, 105]).buffer, 'aGk='],
    ['its text for a RegExp', /a+b/gi, '/a+b/gi'],
    ['its text for a URL', new URL('https://docs.example/a'), 'https://docs.example/a'],
  ])('is written as %s', async (_, value, expected) => {
    expect((await answering({ value })).structuredContent).toEqual({ value: expected })
    expect(JSON.parse(textOf(await answering(value)))).toEqual(expected)
  })

  it('is refused with what to do when it refers to itself', async () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const result = await answering(cycle)
    expect(result.isError).toBe(true)
    expect(result.structuredContent).toMatchObject({
      error: {
        code: 'INVALID_VALUE',
        message: expect.stringMatching(/cannot be written as JSON.*circular/s),
      },
      retryable: false,
    })
  })
})
