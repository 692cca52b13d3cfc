import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ToolExecution, WithTasksOptions } from '@modelcontextprotocol/ext-tasks/client'
import { describe, expect, it } from 'vitest'
import { startFixture } from '../../support/child.js'
import { endLeases } from '../../support/leases.js'
import { isLong } from '../../support/long.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { once } from '../../support/when-done.js'
import { overHttp, overStdio, type TaskClient } from './session.js'

type Connect = (options?: WithTasksOptions) => Promise<TaskClient>

/** To be called by the `describe` whose tests connect. */
const transports: [name: string, reach: () => Connect][] = [
  ['stdio', () => async (options) => overStdio(await newStore(), options)],
  [
    'HTTP',
    () => {
      const url = once(async () => startHttp(await newStore()))
      return (options) => overHttp(url(), options)
    },
  ],
]

async function newStore(): Promise<string> {
  return join(await temporaryFolder(), 'rain.db')
}

async function startHttp(store: string): Promise<string> {
  return startFixture('task-server.mjs', 'http', store).next<string>('url')
}

/** A file that the functions of the fixture wait for. */
async function newGate(): Promise<{ gate: string; open(): void }> {
  const gate = join(await temporaryFolder(), 'gate')
  return { gate, open: () => writeFileSync(gate, '') }
}

type TaskCall = Extract<ToolExecution<unknown>, { kind: 'task' }>

async function callTask({ session }: TaskClient, name: string, args: Record<string, string>) {
  const call = await session.callTool(name, args)
  expect(call.kind).toBe('task')
  return call as TaskCall
}

describe.each(transports)('the official client of the Tasks extension over %s', (_, reach) => {
  const connect = reach()

  it('gets the plain value of a quick call', async () => {
    const { session } = await connect()
    const call = await session.callTool('double', { n: 21 })
    expect(call.kind).toBe('immediate')
    expect(await call.result()).toMatchObject({
      status: 'completed',
      result: { content: [{ type: 'text', text: '42' }] },
    })
  })

  it('gets a task for a slow call, and its value later', async () => {
    const client = await connect()
    const { gate, open } = await newGate()
    const call = await callTask(client, 'wait', { gate })
    expect(call.handle.taskId).toMatch(/^rc_/)
    open()
    const { outcome, lastTask } = await call.settle()
    expect(outcome).toMatchObject({
      status: 'completed',
      result: { content: [{ type: 'text', text: 'opened' }] },
    })
    expect(lastTask).toMatchObject({ status: 'completed', taskId: call.handle.taskId })
  })

  it('gets a function’s own error as a result that says so', async () => {
    const client = await connect()
    const { gate, open } = await newGate()
    const call = await callTask(client, 'fail', { gate })
    open()
    const { outcome } = await call.settle()
    expect(outcome).toMatchObject({ status: 'completed', result: { isError: true } })
    expect(JSON.stringify(outcome)).toContain('no ink left')
  })

  it('gets an error of the protocol as a failed task, with its code', async () => {
    const client = await connect()
    const { gate, open } = await newGate()
    const call = await callTask(client, 'fail_protocol', { gate })
    open()
    const { outcome } = await call.settle()
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: -32_603, message: 'the server broke' },
    })
  })

  it('cancels a task', async () => {
    const client = await connect()
    const call = await callTask(client, 'wait', { gate: (await newGate()).gate })
    await call.cancel()
    expect((await call.settle()).outcome.status).toBe('cancelled')
    const { taskId } = call.handle
    const { result } = await client.request('tasks/get', { taskId })
    expect(result).toMatchObject({ taskId, status: 'cancelled', resultType: 'complete' })
  })

  it('is asked in the middle, and the function goes on with the answer', async () => {
    const asked: unknown[] = []
    const client = await connect({
      onInputRequest: (async (request: unknown, { taskId, inputId }: { taskId: string; inputId: string }) => {
        asked.push({ request, taskId, inputId })
        return { action: 'accept', content: { answer: 'red' } }
      }) as never,
    })
    const call = await callTask(client, 'order', { item: 'shirt' })
    const { outcome } = await call.settle()
    expect(outcome).toMatchObject({
      status: 'completed',
      result: { content: [{ type: 'text', text: 'red shirt' }] },
    })
    const params = { message: 'Which colour has the shirt?', mode: 'form' }
    const { taskId } = call.handle
    expect(asked).toMatchObject([{ request: { kind: 'elicitation', params }, taskId, inputId: 'colour' }])
  })

  it('sees the task cancelled when the user declines what only an answer can go on with', async () => {
    const client = await connect({ onInputRequest: (async () => ({ action: 'decline' })) as never })
    const call = await callTask(client, 'order', { item: 'shirt' })
    expect((await call.settle()).outcome.status).toBe('cancelled')
  })
})

describe('a restart of the server', () => {
  it('between poll and result loses nothing: the next server on the store runs the task to its end', async () => {
    const store = await newStore()
    const { gate, open } = await newGate()
    const first = startFixture('task-server.mjs', 'http', store)
    const client = await overHttp(await first.next<string>('url'))
    const call = await callTask(client, 'wait', { gate })
    const reference = call.serializeReference()
    expect((await client.request('tasks/get', { taskId: call.handle.taskId })).result?.status).toBe('working')
    await call.detach()
    first.process.kill('SIGKILL')
    await first.exited
    open()
    if (!isLong) await endLeases(store)
    const other = await overHttp(await startHttp(store))
    const resumed = await other.session.resumeTask(reference)
    expect((await resumed.settle()).outcome).toMatchObject({
      status: 'completed',
      result: { content: [{ type: 'text', text: 'opened' }] },
    })
  }, 60_000)

  it('leaves a question open: it is answered at the next server', async () => {
    const store = await newStore()
    const first = await overStdio(store)
    // Not by the official client: it dismisses what it was given nobody to ask.
    const begun = await first.request('tools/call', { name: 'order', arguments: { item: 'shirt' } })
    const taskId = begun.result?.taskId
    await first.close()
    const other = await overStdio(store)
    const asked = await other.request('tasks/get', { taskId })
    expect(asked.result).toMatchObject({ status: 'input_required' })
    const inputResponses = { colour: { action: 'accept', content: { answer: 'blue' } } }
    expect((await other.request('tasks/update', { taskId, inputResponses })).result).toMatchObject({
      resultType: 'complete',
    })
    await expect
      .poll(async () => (await other.request('tasks/get', { taskId })).result)
      .toMatchObject({ status: 'completed', result: { content: [{ type: 'text', text: 'blue shirt' }] } })
  })
})

describe('two HTTP servers on one store', () => {
  it('serve each other’s tasks: begun on one, polled and cancelled on the other', async () => {
    const store = await newStore()
    const one = await overHttp(await startHttp(store))
    const other = await overHttp(await startHttp(store))
    const { gate, open } = await newGate()
    const kept = await callTask(one, 'wait', { gate })
    const dropped = await callTask(one, 'wait', { gate: (await newGate()).gate })
    const get = async (taskId: string) => (await other.request('tasks/get', { taskId })).result
    expect(await get(kept.handle.taskId)).toMatchObject({ status: 'working' })
    const { taskId } = dropped.handle
    expect((await other.request('tasks/cancel', { taskId })).result).toMatchObject({ resultType: 'complete' })
    expect(await get(taskId)).toMatchObject({ status: 'cancelled' })
    expect((await dropped.settle()).outcome.status).toBe('cancelled')
    open()
    await expect
      .poll(() => get(kept.handle.taskId))
      .toMatchObject({ status: 'completed', result: { content: [{ type: 'text', text: 'opened' }] } })
  })
})
