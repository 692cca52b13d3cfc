import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { createFor } from '../../src/create-raincheck.js'
import { createRaincheck, type RaincheckOptions } from '../../src/index.js'
import { registerTaskTools } from '../../src/mcp/index.js'
import { heldFunction } from '../support/rain.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type Peer, peers, textOf } from './peers.js'

describe.each(peers)('task tools of two rainchecks on %s', (_, connect) => {
  async function both(options: RaincheckOptions) {
    const one = createRaincheck({ ...options, app: 'one' })
    const other = createRaincheck({ ...options, app: 'other' })
    onTestFinished(async () => {
      await Promise.all([one.close({ drain: 0 }), other.close({ drain: 0 })])
    })
    const peer = await connect((host) => registerTaskTools(host, [one, other], { admin: true }))
    return { one, other, ...peer }
  }

  const refsOf = async (call: Peer['call'], args: object = {}) => {
    const { tasks, cursor } = (await call('list_tasks', args)).structuredContent as {
      tasks: { ref: string }[]
      cursor?: string
    }
    return { refs: tasks.map(({ ref }) => ref), cursor }
  }

  it('list each task once on a shared store, and retry where the function is wrapped', async () => {
    const store = `sqlite:${join(await temporaryFolder(), 'rain.db')}` as const
    const { one, other, call } = await both({ store })
    const { work, fail, letGo } = heldFunction()
    const first = await one.cached({ name: 'quick', asyncTimeout: '5s' })(async () => 1)()
    const { ref } = await other.cached({ name: 'slow', asyncTimeout: 0 })(work)()
    fail(new Error('once'))
    expect(textOf(await call('get_task_result', { ref }))).toContain('once')
    expect((await refsOf(call)).refs.sort()).toEqual([first.ref, ref].sort())
    const retried = (await call('retry_task', { ref })).structuredContent
    expect(retried).toMatchObject({ status: expect.stringMatching(/pending|processing/) })
    letGo('done')
    expect(textOf(await call('get_task_result', { ref: retried?.ref }))).toContain('done')
  })

  it('find tasks on either of two stores, and go on with a list across both', async () => {
    const { one, other, call } = await both({})
    const calls = [one, other, one].map((rain, at) =>
      rain.cached({ name: `f${at}`, asyncTimeout: '5s' })(async () => `value ${at}`),
    )
    const refs: string[] = []
    for (const wrapped of calls) refs.push((await wrapped()).ref)
    for (const [at, ref] of refs.entries())
      expect(textOf(await call('get_task_result', { ref }))).toContain(`value ${at}`)
    const page = await refsOf(call, { limit: 2 })
    const rest = await refsOf(call, { limit: 2, cursor: page.cursor })
    expect([...page.refs, ...rest.refs].sort()).toEqual(refs.sort())
    expect(page.refs).toHaveLength(2)
    expect(rest.cursor).toBeUndefined()
  })

  it.each([undefined, '/home/me/raincheck.config.js'])(
    'answer a question, and its task goes on where its function is wrapped (config file: %s)',
    async (config) => {
      const store = `sqlite:${join(await temporaryFolder(), 'rain.db')}` as const
      const [one, other] = [
        createRaincheck({ store, app: 'one' }),
        createFor(config, { store, app: 'other' }),
      ]
      onTestFinished(async () => {
        await Promise.all([one.close({ drain: 0 }), other.close({ drain: 0 })])
      })
      const order = other.cached({ name: 'order', asyncTimeout: '5s', input: z.object({}) })(
        async (_, task) => `${await task.ask('colour', 'Which colour?')} shirt`,
      )
      const { call } = await connect((host) => registerTaskTools(host, [one, other]))
      const { ref } = await order({})
      const answered = await call('answer_task', { ref, answers: { colour: 'red' } })
      expect(answered.isError).toBeUndefined()
      expect(textOf(await call('get_task_result', { ref }))).toContain('red shirt')
    },
  )

  it('pause and count all', async () => {
    const { one, other, call } = await both({})
    await call('manage_task_queue', { action: 'pause' })
    for (const rain of [one, other]) await rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)()
    const { structuredContent } = await call('manage_task_queue', { action: 'stats' })
    expect(structuredContent).toMatchObject({ waiting: 2, running: 0, paused: true })
  })

  it('say that a function is missing, rather than that a ref is unknown', async () => {
    const store = `sqlite:${join(await temporaryFolder(), 'rain.db')}` as const
    const { call } = await both({ store })
    const elsewhere = createRaincheck({ store, app: 'elsewhere' })
    const { work, fail } = heldFunction()
    const { ref } = await elsewhere.cached({ name: 'f', asyncTimeout: 0 })(work)()
    fail(new Error('no'))
    await elsewhere.poll(ref, { wait: '5s' })
    expect(textOf(await call('retry_task', { ref }))).toContain('FUNCTION_NOT_REGISTERED')
    await elsewhere.close()
  })
})
