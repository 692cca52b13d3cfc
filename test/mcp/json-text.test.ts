import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import { registerCachedTool } from '../../src/mcp/index.js'
import { jsonForms, tooDeep } from '../support/json-forms.js'
import { peers, textOf } from './peers.js'

describe.each(peers)('a value that JSON has no type for, on %s,', (_, connect) => {
  async function answering(value: unknown) {
    const wrapped = createRaincheck().cached({ name: 'f', asyncTimeout: '1s', input: z.object({}) })(
      async () => value,
    )
    const { call } = await connect((host) => registerCachedTool(host, 'f', wrapped))
    return call('f')
  }

  it.each(jsonForms)('is written as %s', async (_, value, expected) => {
    expect((await answering({ value })).structuredContent).toEqual({ value: expected })
    expect(JSON.parse(textOf(await answering(value)))).toEqual(expected)
  })

  it('ends with a text that says so where it nests too deep', async () => {
    expect(textOf(await answering(tooDeep))).toMatch(/^(\{"in":){500}"\[too deep\]"\}{500}$/)
  })
})
