import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck, type ProgressReport } from '../../src/index.js'
import { registerCachedTool } from '../../src/mcp/index.js'
import { heldFunction, pass, useFakeTime } from '../support/rain.js'
import { type Progress, peers } from './peers.js'

describe.each(peers)('progress that a client of %s has asked for', (_, connect) => {
  /** What it is told of reports that come a second apart. */
  async function told(reports: ProgressReport[]): Promise<Progress[]> {
    useFakeTime()
    const rain = createRaincheck()
    const wrapped = rain.cached({ name: 'f', asyncTimeout: '10s', input: z.object({}) })(async (_, task) => {
      for (const [at, report] of reports.entries()) setTimeout(() => task.progress(report), 1_000 * (at + 1))
      return heldFunction().work(task)
    })
    const { call } = await connect((host) => registerCachedTool(host, 'f', wrapped))
    const heard: Progress[] = []
    const answer = call('f', {}, { onprogress: (progress) => heard.push(progress) })
    await pass(10_000)
    await answer
    return heard
  }

  it('has the step where there is no message, and neither where there is none', async () => {
    const reports = [{ current: 1, step: 'reading' }, { current: 2 }, { current: 3, step: 'a', message: 'b' }]
    expect(await told(reports)).toEqual([
      { progress: 1, message: 'reading' },
      { progress: 2 },
      { progress: 3, message: 'b' },
    ])
  })

  it('is not of reports that know the sum but not how much is done: each number must be higher', async () => {
    const reports = [
      { total: 4 },
      { current: 1, total: 4 },
      { total: 4, message: 'still' },
      { current: 2, total: 4 },
    ]
    expect(await told(reports)).toEqual([
      { progress: 1, total: 4 },
      { progress: 2, total: 4 },
    ])
  })
})
