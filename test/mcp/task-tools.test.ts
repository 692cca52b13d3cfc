import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck, NonRetryableError } from '../../src/index.js'
import { registerTaskTools } from '../../src/mcp/index.js'
import { heldFunction, pass, useFakeTime } from '../support/rain.js'
import { heldTask } from './held-task.js'
import { peers, textOf } from './peers.js'

const unknownRef = 'rc_0000000000000000000000'

describe.each(peers)('the task tools on %s', (_, connect) => {
  it('are those of the contract, and only what the options allow', async () => {
    const rain = createRaincheck()
    const all = [
      'get_task_status',
      'get_task_result',
      'list_tasks',
      'answer_task',
      'cancel_task',
      'retry_task',
    ]
    const bare = await connect((host) => registerTaskTools(host, rain))
    expect((await bare.tools()).map(({ name }) => name)).toEqual(all)
    const { tools } = await heldTask(connect, { admin: true, saveTo: (path) => path })
    const names = (await tools()).map(({ name }) => name)
    expect(names).toEqual(['start_task', ...all, 'manage_task_queue'])
    const saveTo = async (peer: typeof bare) =>
      (await peer.tools()).find(({ name }) => name === 'get_task_result')?.inputSchema.properties.saveTo
    expect(await saveTo(bare)).toBeUndefined()
  })

  it('have titles, descriptions, hints and flat output schemas of optional fields', async () => {
    const { tools } = await heldTask(connect, { admin: true })
    for (const tool of await tools()) {
      expect(tool).toMatchObject({ title: expect.any(String), description: expect.any(String) })
      expect(tool.outputSchema).toMatchObject({ type: 'object' })
      expect(tool.outputSchema).not.toHaveProperty('required')
      expect(tool.outputSchema).not.toHaveProperty('anyOf')
    }
    const hints = (await tools()).map(({ name, annotations }) => [name, annotations])
    expect(Object.fromEntries(hints)).toMatchObject({
      get_task_status: { readOnlyHint: true },
      get_task_result: { readOnlyHint: true },
      list_tasks: { readOnlyHint: true },
      cancel_task: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
      retry_task: { readOnlyHint: false, destructiveHint: false },
      start_task: { readOnlyHint: false, destructiveHint: false },
    })
  })

  it('start a function, follow it and redeem its ref', async () => {
    const { call, letGo, tools } = await heldTask(connect)
    const start = (await tools()).find(({ name }) => name === 'start_task')
    expect(start?.inputSchema.properties).toMatchObject({
      function: { enum: ['f'] },
      input: { type: 'object', properties: { n: { type: 'number' } } },
    })
    const started = await call('start_task', { function: 'f', input: { n: 1 }, priority: 5, retries: 1 })
    const ref = started.structuredContent?.ref
    expect(started.structuredContent).toMatchObject({
      status: 'processing',
      nextStep: expect.stringContaining('get_task_result'),
    })
    expect((await call('get_task_status', { ref })).structuredContent).toMatchObject({
      ...{ status: 'processing', ref, pollAfterMs: expect.any(Number), expiresAt: expect.any(String) },
    })
    const result = call('get_task_result', { ref })
    letGo({ square: 1 })
    expect((await result).structuredContent).toMatchObject({ status: 'complete', ref, value: { square: 1 } })
    expect((await call('get_task_status', { ref })).structuredContent).toMatchObject({ status: 'complete' })
  })

  it('start_task leaves out what clients refuse anywhere but in a tool’s own arguments', async () => {
    const rain = createRaincheck()
    const input = z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) })
    const wrapped = rain.cached({ name: 'f', asyncTimeout: '5s', input })(async () => 1)
    const { tools } = await connect((host) => registerTaskTools(host, rain, { functions: [wrapped] }))
    const start = (await tools()).find(({ name }) => name === 'start_task')
    expect(start?.inputSchema.properties.input).toMatchObject({ properties: { region: { type: 'string' } } })
    expect(JSON.stringify(start)).not.toContain('x-mcp-header')
  })

  it('start_task names a wrong field, and knows no other functions', async () => {
    const { call, runs } = await heldTask(connect)
    const wrong = await call('start_task', { function: 'f', input: { n: 'one' } })
    expect(wrong.isError).toBe(true)
    expect(textOf(wrong)).toMatch(/input\.n: .*expected number/)
    const other = await call('start_task', { function: 'g', input: { n: 1 } })
    expect(other.isError).toBe(true)
    expect(textOf(other)).toContain('function')
    expect(runs).toHaveLength(0)
  })

  it('tell of a failed task what went wrong and what to do, and retry it', async () => {
    const { call, start, fail, letGo } = await heldTask(connect)
    const ref = await start(1)
    fail(Object.assign(new Error('the site is down'), { code: 'EDOWN' }))
    const result = await call('get_task_result', { ref })
    expect(result).toMatchObject({
      isError: true,
      structuredContent: {
        ...{ status: 'failed', error: { message: 'the site is down', code: 'EDOWN' }, retryable: true },
        nextStep: expect.stringContaining('retry_task'),
      },
    })
    expect(JSON.parse(textOf(result))).toEqual(result.structuredContent)
    expect((await call('get_task_status', { ref })).isError).toBeUndefined()
    const again = (await call('retry_task', { ref })).structuredContent
    expect(again).toMatchObject({ status: 'processing' })
    expect(again?.ref).not.toBe(ref)
    letGo('done')
    expect(textOf(await call('get_task_result', { ref: again?.ref }))).toContain('done')
  })

  it('tell that a failure is for good', async () => {
    const { call, start, fail } = await heldTask(connect)
    const ref = await start(1)
    fail(new NonRetryableError('no such page'))
    const { structuredContent } = await call('get_task_result', { ref })
    expect(structuredContent).toMatchObject({
      retryable: false,
      nextStep: expect.stringContaining('fail again'),
    })
  })

  it('a call that would wait beyond maxWaiting is an error that may pass, with what to do', async () => {
    const rain = createRaincheck({ concurrency: 1, maxWaiting: 0 })
    const wrapped = rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction<unknown>().work)
    const { call } = await connect((host) => registerTaskTools(host, rain, { functions: [wrapped] }))
    await call('start_task', { function: 'f', input: 1 })
    const refused = await call('start_task', { function: 'f', input: 2 })
    expect(refused).toMatchObject({
      isError: true,
      structuredContent: {
        error: { code: 'BUSY' },
        retryable: true,
        nextStep: 'Too many tasks wait. Wait some seconds, then make the same call again.',
      },
    })
  })

  it('cancel a task, whose result then says so', async () => {
    const { call, start } = await heldTask(connect)
    const ref = await start(1)
    expect((await call('cancel_task', { ref })).structuredContent).toMatchObject({ ref, result: 'requested' })
    expect((await call('cancel_task', { ref })).structuredContent).toMatchObject({
      result: 'already-settled',
    })
    expect(await call('get_task_result', { ref })).toMatchObject({
      isError: true,
      structuredContent: { status: 'cancelled', nextStep: expect.stringContaining('retry_task') },
    })
  })

  it('list the tasks, newest first, by status and name, and go on where a list ended', async () => {
    useFakeTime()
    const { call, start, letGo } = await heldTask(connect)
    const refs: string[] = []
    for (const n of [1, 2, 3]) {
      refs.unshift(await start(n))
      await pass(1)
    }
    letGo('done')
    await pass(0)
    const listed = async (args: object) =>
      (await call('list_tasks', args)).structuredContent as { tasks: object[]; cursor?: string }
    const { tasks, ...rest } = await listed({})
    expect(rest).toEqual({})
    expect(tasks).toMatchObject([
      {
        ref: refs[0],
        status: 'processing',
        name: 'f',
        title: 'number 3',
        createdAt: expect.stringMatching(/Z$/),
      },
      { ref: refs[1] },
      { ref: refs[2], status: 'complete' },
    ])
    expect((await listed({ status: 'complete' })).tasks).toMatchObject([{ ref: refs[2] }])
    expect((await listed({ name: 'g' })).tasks).toEqual([])
    const page = await listed({ limit: 2 })
    expect(page).toMatchObject({ tasks: [{ ref: refs[0] }, { ref: refs[1] }], nextStep: expect.any(String) })
    expect((await listed({ limit: 2, cursor: page.cursor })).tasks).toMatchObject([{ ref: refs[2] }])
    expect(await call('list_tasks', { cursor: 'x' })).toMatchObject({ isError: true })
  })

  it.each(['get_task_status', 'get_task_result', 'cancel_task', 'retry_task'])(
    '%s tells an unknown ref and a foreign one alike',
    async (tool) => {
      let user = 'ann'
      const { call, start } = await heldTask(connect, { scope: () => user })
      const ref = await start(1)
      user = 'bob'
      const foreign = await call(tool, { ref })
      const unknown = await call(tool, { ref: unknownRef })
      expect(foreign).toMatchObject({
        isError: true,
        structuredContent: { error: { code: 'REF_NOT_FOUND' } },
      })
      expect(textOf(foreign)).toContain('Call list_tasks')
      expect(textOf(foreign).replaceAll(ref, '')).toBe(textOf(unknown).replaceAll(unknownRef, ''))
    },
  )

  it('list and start tasks of the caller’s scope alone', async () => {
    let user = 'ann'
    const { call } = await heldTask(connect, { scope: () => user })
    await call('start_task', { function: 'f', input: { n: 1 } })
    const listed = async () => (await call('list_tasks')).structuredContent?.tasks
    expect(await listed()).toHaveLength(1)
    user = 'bob'
    expect(await listed()).toHaveLength(0)
  })

  it('manage the queue: its numbers, a pause and its end', async () => {
    const { call, start, runs } = await heldTask(connect, { admin: true })
    expect((await call('manage_task_queue', { action: 'pause' })).structuredContent).toMatchObject({
      paused: true,
    })
    await start(1)
    expect((await call('manage_task_queue', { action: 'stats' })).structuredContent).toEqual({
      ...{ waiting: 1, running: 0, abandoned: 0, paused: true },
    })
    expect(runs).toHaveLength(0)
    expect((await call('manage_task_queue', { action: 'resume' })).structuredContent).toMatchObject({
      ...{ waiting: 0, running: 1, paused: false },
    })
  })

  it('answer clearly after the raincheck was closed', async () => {
    const { call, rain } = await heldTask(connect)
    await rain.close({ drain: 0 })
    const result = await call('list_tasks')
    expect(result.isError).toBe(true)
    expect(textOf(result)).toContain('CLOSED')
  })
})
