import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { Keyv } from 'keyv'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { registerCachedTool } from '../../../src/mcp/index.js'
import { attachTasks, notifyingTransport } from '../../../src/mcp/tasks/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'
import { acknowledgement, held, told } from './listening.js'
import { entries, newRain } from './local.js'
import { connect, type Message } from './session.js'

/** That of `node:timers/promises`, too, which vitest leaves real. */
function useFakeTimers(): void {
  useFakeTime()
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const spy = vi.spyOn(timers, 'setTimeout').mockImplementation(sleep as typeof timers.setTimeout)
  syncBuiltinESMExports()
  onTestFinished(() => {
    spy.mockRestore()
    syncBuiltinESMExports()
  })
}

const changed = ({ method }: Message) => method === 'notifications/tools/list_changed'

describe.each(entries)('a subscription over %s', (_, local) => {
  async function listening() {
    const rain = newRain()
    const { wrapped, ends } = held(rain)
    const sampling = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } }
    const ask = rain.cached({ name: 'ask', asyncTimeout: 0, input: z.object({}) })((_, task) =>
      task.ask('say', sampling),
    )
    const { client, server } = await local(rain, (server) => registerCachedTool(server, 'held', wrapped))
    return { rain, client, server, wrapped, ask, ends }
  }

  it.each([{ toolsListChanged: true }, { toolsListChanged: true, taskIds: ['rc_unknown', 7] }])(
    'is the SDK’s alone where it is for no task: %j',
    async (notifications) => {
      const { client, server } = await listening()
      void client.listen('sub', notifications)
      await expect.poll(() => acknowledgement(client, 'sub')).toBeDefined()
      expect(acknowledgement(client, 'sub')?.params?.notifications).toEqual({ toolsListChanged: true })
      server.toolsChanged()
      await expect.poll(() => client.received.some(changed)).toBe(true)
      expect(told(client, 'sub')).toEqual([])
    },
  )

  it('tells nothing of a question that its client could not answer', async () => {
    const { rain, client, ask } = await listening()
    const { ref } = await ask({})
    await rain.poll(ref, { wait: '5s' })
    void client.listen('sub', { taskIds: [ref] })
    await expect.poll(() => acknowledgement(client, 'sub')).toBeDefined()
    await rain.answer(ref, { say: { content: 'It' } })
    await expect.poll(() => told(client, 'sub').at(-1)?.status).toBe('completed')
    expect(told(client, 'sub').map(({ status }) => status)).not.toContain('input_required')
  })

  it('ends where the raincheck is closed', async () => {
    const { rain, client, wrapped } = await listening()
    const { ref } = await wrapped({ id: 'one' })
    void client.listen('sub', { taskIds: [ref] })
    await expect.poll(() => told(client, 'sub').at(-1)?.status).toBe('working')
    await rain.close({ drain: 0 })
    const ask = async () => (await client.request('tasks/get', { taskId: ref })).error?.message
    await expect.poll(ask).toMatch(/close/)
    // The end of the task may have been told meanwhile.
    const { length } = told(client, 'sub')
    await ask()
    expect(told(client, 'sub')).toHaveLength(length)
  })

  it('outlasts a store that is away for a while', async () => {
    useFakeTimers()
    let isAway = false
    const tasks = slowable(memoryTaskStore())
    const get: typeof tasks.get = async (ref) => {
      if (isAway) throw new Error('the disk is gone')
      return tasks.get(ref)
    }
    const values$ = new Keyv()
    const [here, there] = [rainWith({ tasks: { ...tasks, get }, values$ }), rainWith({ tasks, values$ })]
    const { work, letGo } = heldFunction()
    const { ref } = await there.cached({ name: 'f', asyncTimeout: 0 })(work)({})
    const connecting = local(here, () => {})
    await pass(0)
    const { client } = await connecting
    void client.listen('sub', { taskIds: [ref] })
    await pass(1_000)
    expect(told(client, 'sub').at(-1)?.status).toBe('working')
    isAway = true
    await pass(2_000)
    letGo('done')
    await pass(1_000)
    isAway = false
    await pass(5_000)
    expect(told(client, 'sub').at(-1)).toMatchObject({ status: 'completed' })
  })
})

describe('a subscription on a connection', () => {
  async function connection() {
    const rain = newRain()
    const { wrapped, ends } = held(rain)
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    const wire = { isBroken: false, refused: 0 }
    const send = ours.send.bind(ours)
    ours.send = async (message, options) => {
      const isNotification = 'method' in message && message.method === 'notifications/tasks'
      if (!wire.isBroken || !isNotification) return send(message, options)
      wire.refused += 1
      throw new Error('EPIPE')
    }
    const create = () => {
      const server = new McpServer({ name: 'test', version: '1' })
      registerCachedTool(server, 'held', wrapped)
      attachTasks(server, rain)
      return server
    }
    const handle = serveStdio(create, { transport: notifyingTransport(ours, rain) })
    onTestFinished(() => handle.close())
    const { ref } = await wrapped({ id: 'one' })
    return { client: await connect(theirs), wire, ref, end: () => ends.get('one')?.resolve('done') }
  }

  it('tells nothing once its client has given it up', async () => {
    const { client, ref, end } = await connection()
    for (const id of ['given up', 'kept']) void client.listen(id, { taskIds: [ref] })
    await expect.poll(() => [told(client, 'given up').length, told(client, 'kept').length]).toEqual([1, 1])
    await client.unlisten('given up')
    end()
    await expect.poll(() => told(client, 'kept').at(-1)?.status).toBe('completed')
    expect(told(client, 'given up').map(({ status }) => status)).toEqual(['working'])
  })

  it('ends when what it tells cannot be sent', async () => {
    const { client, wire, ref, end } = await connection()
    wire.isBroken = true
    void client.listen('sub', { taskIds: [ref] })
    await expect.poll(() => wire.refused).toBe(1)
    end()
    await expect
      .poll(async () => (await client.request('tasks/get', { taskId: ref })).result?.status)
      .toBe('completed')
    expect(wire.refused).toBe(1)
  })
})
