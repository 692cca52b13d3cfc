import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck, type ProgressReport } from '../../src/index.js'
import { registerCachedTool, registerTaskTools } from '../../src/mcp/index.js'
import { heldFunction } from '../support/rain.js'
import { peers } from './peers.js'

const input = z.object({ n: z.number() })

describe.each(peers)('what is told of a task on %s', (_, connect) => {
  /** Two tasks of which one runs, after telling this, and the other waits for it to end. */
  async function two(progress: ProgressReport) {
    const rain = createRaincheck({ concurrency: 1 })
    const held = heldFunction()
    const output = z.object({ pages: z.number() })
    const wrapped = rain.cached({ name: 'f', asyncTimeout: 0, input, output })((given, task) => {
      task.progress(progress)
      return held.work(given) as Promise<{ pages: number }>
    })
    const { call } = await connect((host) => {
      registerCachedTool(host, 'f', wrapped)
      registerTaskTools(host, rain)
    })
    const [running, waiting] = [(await wrapped({ n: 1 })).ref, (await wrapped({ n: 2 })).ref]
    const status = async (ref: string) =>
      (await call('get_task_status', { ref, responseFormat: 'full' })).structuredContent
    return { call, running, waiting, status, ...held }
  }

  it('in full are the times that it has come to', async () => {
    const { running, waiting, status, letGo, call } = await two({})
    const time = expect.stringMatching(/^\d{4}-.*Z$/)
    const begun = { name: 'f', title: 'f', createdAt: time }
    expect((await status(waiting))?.taskDetails).toEqual(begun)
    expect((await status(running))?.taskDetails).toEqual({ ...begun, startedAt: time })
    letGo({ pages: 3 })
    const ended = { status: 'complete', taskDetails: { ...begun, startedAt: time, settledAt: time } }
    await call('get_task_result', { ref: running })
    expect(await status(running)).toMatchObject(ended)
  })

  it('in full is the schema of the value, where its tool knows one', async () => {
    const { call } = await two({})
    const { structuredContent } = await call('f', { n: 1, responseFormat: 'full' })
    expect(structuredContent?.taskDetails).toMatchObject({
      valueSchema: { type: 'object', properties: { pages: { type: 'number' } }, required: ['pages'] },
    })
  })

  it('has details that refer to themselves as far as JSON can tell them', async () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const { running, status } = await two({ current: 1, total: 2, details: cycle })
    expect((await status(running))?.progress).toMatchObject({
      ...{ current: 1, total: 2 },
      details: { self: '[circular]' },
    })
  })

  it('is what its first caller said about it, in standard and full, and in a list', async () => {
    const rain = createRaincheck()
    const wrapped = rain.cached({ name: 'f', asyncTimeout: 0, input })(heldFunction<{ n: number }>().work)
    const { call } = await connect((host) => {
      registerCachedTool(host, 'f', wrapped)
      registerTaskTools(host, rain)
    })
    const taskMetadata = { user: 'ada' }
    const { ref } = await wrapped({ n: 1 }, { metadata: taskMetadata })
    for (const [tool, args] of [
      ['get_task_status', { ref }],
      ['f', { n: 1, responseFormat: 'full' }],
      ['get_task_result', { ref, waitSeconds: 0 }],
    ] as const)
      expect((await call(tool, args)).structuredContent).toMatchObject({ taskMetadata })
    const { structuredContent: minimal } = await call('get_task_status', { ref, responseFormat: 'minimal' })
    expect(minimal).not.toHaveProperty('taskMetadata')
    const { tasks } = (await call('list_tasks')).structuredContent as { tasks: object[] }
    expect(tasks).toMatchObject([{ ref, taskMetadata }])
  })

  it('in a list is how far it is, where it counts', async () => {
    const { call, running, waiting } = await two({ current: 1, total: 4 })
    const { tasks } = (await call('list_tasks')).structuredContent as { tasks: { ref: string }[] }
    const rowOf = (ref: string) => tasks.find((task) => task.ref === ref)
    expect(rowOf(running)).toMatchObject({ status: 'processing', percentage: 25 })
    expect(rowOf(waiting)).toMatchObject({ status: 'pending' })
    expect(rowOf(waiting)).not.toHaveProperty('percentage')
  })
})
