import { describe, expect, it, onTestFinished } from 'vitest'
import { registerCachedTool } from '../../../src/mcp/index.js'
import { acknowledgement, held, told } from './listening.js'
import { entries, httpTransport, localHandler, newRain } from './local.js'
import { connect, type Message } from './session.js'

describe.each(entries)('a client that listens over %s', (_, local) => {
  async function listening() {
    const rain = newRain()
    const tools = held(rain)
    const { client, server } = await local(rain, (server) => {
      registerCachedTool(server, 'held', tools.wrapped)
      registerCachedTool(server, 'order', tools.order)
    })
    const call = async (name: string, args: object) => {
      const { result } = await client.request('tools/call', { name, arguments: args })
      return String(result?.taskId)
    }
    return { rain, client, server, call, ...tools }
  }

  it('is told of its tasks, as tasks/get would tell it, until they have settled', async () => {
    const { client, call, ends } = await listening()
    const [one, other] = [await call('held', { id: 'one' }), await call('held', { id: 'other' })]
    void client.listen('sub', { taskIds: [one, other] })
    await expect.poll(() => told(client, 'sub').length).toBeGreaterThanOrEqual(2)
    expect(acknowledgement(client, 'sub')?.params).toMatchObject({ notifications: { taskIds: [one, other] } })
    ends.get('one')?.resolve('done')
    ends.get('other')?.reject(new Error('no ink left'))
    const last = (taskId: string) => told(client, 'sub').findLast((task) => task.taskId === taskId)
    await expect.poll(() => [last(one)?.status, last(other)?.status]).toEqual(['completed', 'completed'])
    const { result } = await client.request('tasks/get', { taskId: one })
    const without = { _meta: undefined, resultType: undefined }
    expect({ ...last(one), ...without }).toEqual({ ...result, ...without })
    expect(last(other)).toMatchObject({ result: { isError: true, resultType: 'complete' } })
    expect(client.received.indexOf(acknowledgement(client, 'sub') as Message)).toBeLessThan(
      client.received.findIndex(({ method }) => method === 'notifications/tasks'),
    )
  })

  it('is told how far a task is, and that it asks', async () => {
    const { client, call } = await listening()
    const [held, order] = [await call('held', { id: 'one' }), await call('order', {})]
    void client.listen('sub', { taskIds: [held, order] })
    const statusOf = (taskId: string) => told(client, 'sub').findLast((task) => task.taskId === taskId)
    await expect
      .poll(() => statusOf(held))
      .toMatchObject({ status: 'working', statusMessage: '25 %: page 1' })
    await expect
      .poll(() => statusOf(order))
      .toMatchObject({
        status: 'input_required',
        inputRequests: { colour: { method: 'elicitation/create', params: { message: 'Which colour?' } } },
      })
    await client.request('tasks/update', {
      taskId: order,
      inputResponses: { colour: { action: 'accept', content: { answer: 'red' } } },
    })
    await expect.poll(() => statusOf(order)).toMatchObject({ status: 'completed' })
  })

  it('is told of no task that it does not know, and not that it exists', async () => {
    const { rain, client, call, wrapped } = await listening()
    const mine = await call('held', { id: 'mine' })
    const theirs = await wrapped({ id: 'theirs' }, { scope: 'theirs' })
    void client.listen('sub', { taskIds: [theirs.ref, 'rc_unknown', mine] })
    await expect.poll(() => acknowledgement(client, 'sub')).toBeDefined()
    expect(acknowledgement(client, 'sub')?.params?.notifications).toEqual({ taskIds: [mine] })
    await rain.scope('theirs').cancel(theirs.ref)
    await client.request('tasks/cancel', { taskId: mine })
    await expect.poll(() => told(client, 'sub').at(-1)?.status).toBe('cancelled')
    expect(new Set(told(client, 'sub').map(({ taskId }) => taskId))).toEqual(new Set([mine]))
  })

  it('is refused with -32021 when it did not declare the extension', async () => {
    const { client, call } = await listening()
    const taskId = await call('held', { id: 'one' })
    const params = { notifications: { taskIds: [taskId] } }
    const { error } = await client.request('subscriptions/listen', params, {})
    expect(error).toMatchObject({
      code: -32_021,
      data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    })
  })

  it('is told of many tasks at once, and Node finds nothing to warn of', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => void warnings.push(warning)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const { client, call } = await listening()
    const ids = Array.from({ length: 120 }, (_, at) => String(at))
    const taskIds = await Promise.all(ids.map((id) => call('held', { id })))
    void client.listen('sub', { taskIds })
    await expect.poll(() => new Set(told(client, 'sub').map(({ taskId }) => taskId)).size).toBe(100)
    expect(acknowledgement(client, 'sub')?.params?.notifications).toEqual({ taskIds: taskIds.slice(0, 100) })
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([])
  })

  it('is told why it is not served when its scope cannot be told', async () => {
    const rain = newRain()
    const scope = () => {
      throw new Error('sign in first')
    }
    const { client } = await local(rain, () => {}, { scope })
    const params = { notifications: { taskIds: ['rc_any'] } }
    const { error } = await client.request('subscriptions/listen', params)
    expect(error).toMatchObject({ code: -32_603, message: 'sign in first' })
  })

  it('hears of what the SDK itself tells by the same subscription', async () => {
    const { client, call, ends, server } = await listening()
    const taskId = await call('held', { id: 'one' })
    void client.listen('sub', { toolsListChanged: true, taskIds: [taskId] })
    await expect.poll(() => acknowledgement(client, 'sub')).toBeDefined()
    const notifications = { toolsListChanged: true, taskIds: [taskId] }
    expect(acknowledgement(client, 'sub')?.params).toMatchObject({ notifications })
    ends.get('one')?.resolve('done')
    await expect.poll(() => told(client, 'sub').at(-1)?.status).toBe('completed')
    server.toolsChanged()
    const changed = ({ method }: Message) => method === 'notifications/tools/list_changed'
    await expect.poll(() => client.received.some(changed)).toBe(true)
  })
})

describe('a stream of notifications over HTTP', () => {
  async function stream() {
    const rain = newRain()
    const { wrapped, ends } = held(rain)
    const handler = localHandler(rain, (server) => registerCachedTool(server, 'held', wrapped))
    const client = await connect(httpTransport(handler))
    const { result } = await client.request('tools/call', { name: 'held', arguments: { id: 'one' } })
    const taskId = String(result?.taskId)
    void client.listen('sub', { taskIds: [taskId] })
    await expect.poll(() => told(client, 'sub').length).toBeGreaterThanOrEqual(1)
    const ended = () => client.received.some(({ id, result }) => id === 'sub' && result !== undefined)
    return { ...{ client, handler, ends, taskId, ended } }
  }

  it('ends once there is nothing more to tell', async () => {
    const { ends, ended, client } = await stream()
    expect(ended()).toBe(false)
    ends.get('one')?.resolve('done')
    await expect.poll(ended).toBe(true)
    expect(told(client, 'sub').at(-1)).toMatchObject({ status: 'completed' })
  })

  it('ends with the server', async () => {
    const { handler, ended } = await stream()
    await handler.close()
    await expect.poll(ended).toBe(true)
  })
})
