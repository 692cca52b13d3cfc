import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import {
  registerCachedTool,
  registerTaskTools,
  type ToolHandler,
  type ToolHost,
} from '../../src/mcp/index.js'
import { heldFunction } from '../support/rain.js'

/** A host that calls the tools itself, with no more of a context than must be. */
function ownHost() {
  const handlers = new Map<string, ToolHandler>()
  const host: ToolHost = { registerTool: (name, _, handler) => handlers.set(name, handler) }
  const call = async (name: string, args: Record<string, unknown> = {}) =>
    (await handlers.get(name)?.(args, {}))?.structuredContent
  return { host, call }
}

describe('a host that is none of the SDKs', () => {
  it('calls each tool with arguments alone', async () => {
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const input = z.object({ n: z.number() })
    const slow = rain.cached({ name: 'slow', asyncTimeout: 0, input })(work)
    const { host, call } = ownHost()
    registerCachedTool(host, 'slow', slow)
    registerTaskTools(host, rain, { functions: [slow] })
    const ref = (await call('start_task', { function: 'slow', input: { n: 1 } }))?.ref
    expect(await call('slow', { n: 1 })).toMatchObject({ status: 'processing', ref })
    const result = call('get_task_result', { ref })
    letGo({ pages: 3 })
    expect(await result).toMatchObject({ status: 'complete', value: { pages: 3 } })
  })

  it('gets what a function made a tool result, and a value only where that has one', async () => {
    const rain = createRaincheck()
    const content = [{ type: 'text', text: 'made' }]
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => ({ content }))()
    const { host, call } = ownHost()
    registerTaskTools(host, rain)
    const fields = await call('get_task_result', { ref })
    expect(fields).toMatchObject({ status: 'complete', ref })
    expect(fields).not.toHaveProperty('value')
  })

  it('may give tasks without a queue: there is nothing to count or to hold up', async () => {
    const rain = createRaincheck()
    const remote = { retention: rain.retention, scope: (id: string) => rain.scope(id) }
    const none = ownHost()
    registerTaskTools(none.host, remote, { admin: true })
    const empty = { waiting: 0, running: 0, abandoned: 0, paused: false }
    for (const action of ['stats', 'pause'])
      expect(await none.call('manage_task_queue', { action })).toEqual(empty)
    const both = ownHost()
    registerTaskTools(both.host, [remote, rain], { admin: true })
    expect(await both.call('manage_task_queue', { action: 'pause' })).toEqual({ ...empty, paused: true })
  })
})
