import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../src/index.js'
import { registerTaskTools } from '../../src/mcp/index.js'
import { peers, textOf } from './peers.js'

describe.each(peers)('a scope on %s', (_, connect) => {
  it.each([
    ['null', null],
    ['undefined', undefined],
    ['number', 7],
  ])('that is %s is refused, and opens nobody’s tasks', async (type, id) => {
    const rain = createRaincheck()
    await rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => 1)()
    const { call } = await connect((host) => registerTaskTools(host, rain, { scope: () => id as never }))
    const result = await call('list_tasks')
    expect(result.isError).toBe(true)
    expect(result.structuredContent).not.toHaveProperty('tasks')
    expect(textOf(result)).toContain(`scope must return a text for each call, got ${type}`)
  })
})
