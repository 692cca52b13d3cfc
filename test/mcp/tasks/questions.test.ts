import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TaskHandle } from '../../../src/index.js'
import { registerCachedTool } from '../../../src/mcp/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { rainWith, slowable } from '../../support/rain.js'
import { entries, newRain } from './local.js'

const form = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Delete it?',
    requestedSchema: { type: 'object', properties: { confirm: { type: 'boolean' } } },
  },
}
const sampling = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: 'Say it' } }], maxTokens: 10 },
}
const extensions = { 'io.modelcontextprotocol/tasks': {} }

describe.each(entries)('a question in the middle of a task, over %s', (_, local) => {
  /** A task whose function asks this and returns the answers. */
  async function asking(requests: Record<string, unknown>, rain = newRain()) {
    const ask = async (task: TaskHandle) =>
      Promise.all(Object.entries(requests).map(([key, request]) => task.ask(key, request)))
    const wrapped = rain.cached({ name: 'ask', asyncTimeout: '5s', input: z.object({}) })(
      async (_, task) => ({
        answers: await ask(task),
      }),
    )
    const { client } = await local(rain, (server) => registerCachedTool(server, 'ask', wrapped))
    const { result } = await client.request('tools/call', { name: 'ask', arguments: {} })
    const taskId = result?.taskId
    const get = async (capabilities?: object) => client.request('tasks/get', { taskId }, capabilities)
    const update = (inputResponses: object) => client.request('tasks/update', { taskId, inputResponses })
    const answers = async () => {
      await expect.poll(async () => (await get()).result?.status).toBe('completed')
      const { result } = (await get()).result as { result: { structuredContent: { answers: unknown } } }
      return result.structuredContent.answers
    }
    return { created: result, get, update, answers }
  }

  it('goes out as a form when it is a text, and its text comes back', async () => {
    const { created, get, update, answers } = await asking({ colour: 'Which colour?' })
    expect(created).toMatchObject({ resultType: 'task', status: 'input_required' })
    expect(created).not.toHaveProperty('inputRequests')
    const { result } = await get()
    expect(result).toMatchObject({
      ...{ status: 'input_required', statusMessage: 'waits for an answer to colour' },
      inputRequests: {
        colour: {
          method: 'elicitation/create',
          params: {
            ...{ mode: 'form', message: 'Which colour?' },
            requestedSchema: {
              type: 'object',
              properties: { answer: { type: 'string' } },
              required: ['answer'],
            },
          },
        },
      },
    })
    const acknowledged = await update({ colour: { action: 'accept', content: { answer: 'red' } } })
    expect(Object.keys(acknowledged.result ?? {}).sort()).toEqual(['_meta', 'resultType'])
    expect(await answers()).toEqual(['red'])
  })

  it('goes out as it is when it is one of MCP’s, and so does its response to the function', async () => {
    const { get, update, answers } = await asking({ confirm: form })
    expect((await get()).result?.inputRequests).toEqual({ confirm: form })
    const response = { action: 'decline' }
    await update({ confirm: response })
    expect(await answers()).toEqual([response])
  })

  it('stays open in part until all is answered, and what nobody asked is passed over', async () => {
    const { get, update, answers } = await asking({ one: 'One?', other: 'Other?' })
    await update({ one: { action: 'accept', content: { answer: '1' } }, third: { ignored: true } })
    const half = (await get()).result
    expect(half?.status).toBe('input_required')
    expect(Object.keys(half?.inputRequests as object)).toEqual(['other'])
    // Answered already, and never asked.
    await update({ one: { action: 'accept', content: { answer: '9' } }, third: { ignored: true } })
    await update({ other: { action: 'accept', content: { answer: '2' } } })
    expect(await answers()).toEqual(['1', '2'])
  })

  it('is not put to a client that did not say it can be asked', async () => {
    const { get } = await asking({ confirm: form, say: sampling })
    expect((await get({ extensions })).error).toMatchObject({
      code: -32_021,
      data: { requiredCapabilities: { elicitation: { form: {} }, sampling: {} } },
    })
    expect((await get({ extensions, elicitation: { url: {} }, sampling: {} })).error?.code).toBe(-32_021)
    const { result } = await get({ extensions, elicitation: {}, sampling: {} })
    expect(result?.inputRequests).toEqual({ confirm: form, say: sampling })
  })

  it('has as its form the JSON of what is neither a text nor has one', async () => {
    const { get, update, answers } = await asking({ size: { question: 'How large?', unit: 'cm' }, pages: 3 })
    const messageOf = (request: unknown) => (request as typeof form).params.message
    const { size, pages } = ((await get()).result?.inputRequests ?? {}) as Record<string, unknown>
    expect([messageOf(size), messageOf(pages)]).toEqual(['{"question":"How large?","unit":"cm"}', '3'])
    const accept = (answer: string) => ({ action: 'accept', content: { answer } })
    await update({ size: accept('42'), pages: accept('all') })
    expect(await answers()).toEqual(['42', 'all'])
  })

  it('may be for the folders of the client, or to be seen at an address', async () => {
    const roots = { method: 'roots/list' }
    const url = {
      method: 'elicitation/create',
      params: { mode: 'url', message: 'Sign in', url: 'https://login.example', elicitationId: '1' },
    }
    const { get, update, answers } = await asking({ roots, url, say: sampling })
    expect((await get({ extensions, elicitation: {}, sampling: {} })).error?.data).toEqual({
      requiredCapabilities: { roots: {}, elicitation: { url: {} } },
    })
    const capable = { extensions, elicitation: { url: {} }, sampling: {}, roots: {} }
    expect((await get(capable)).result?.inputRequests).toEqual({ roots, url, say: sampling })
    const responses = {
      roots: { roots: [{ uri: 'file:///docs' }] },
      url: { action: 'accept' },
      say: { role: 'assistant', model: 'm', content: { type: 'text', text: 'It' } },
    }
    await update(responses)
    expect(await answers()).toEqual([responses.roots, responses.url, responses.say])
  })

  it('is answered by the quicker of two, and the other is told nothing else than it', async () => {
    const { update, answers } = await asking({ colour: 'Which colour?' })
    const accept = (answer: string) => update({ colour: { action: 'accept', content: { answer } } })
    const both = await Promise.all([accept('red'), accept('red')])
    for (const { result, error } of both) {
      expect(error).toBeUndefined()
      expect(result).toMatchObject({ resultType: 'complete' })
    }
    expect(await answers()).toEqual(['red'])
    // Of one that asks nothing any more.
    expect((await accept('blue')).error).toBeUndefined()
    expect(await answers()).toEqual(['red'])
  })

  it('stays open when the store cannot take its answer, and the client is told why', async () => {
    const tasks = slowable(memoryTaskStore())
    let isAway = true
    const answer: typeof tasks.answer = async (...args) => {
      if (isAway) throw new Error('the disk is gone')
      return tasks.answer(...args)
    }
    const { get, update, answers } = await asking(
      { colour: 'Which colour?' },
      rainWith({ tasks: { ...tasks, answer } }),
    )
    const responses = { colour: { action: 'accept', content: { answer: 'red' } } }
    expect((await update(responses)).error).toMatchObject({
      code: -32_603,
      message: expect.stringContaining('the disk is gone'),
    })
    expect((await get()).result?.status).toBe('input_required')
    isAway = false
    await update(responses)
    expect(await answers()).toEqual(['red'])
  })

  it('refuses responses that are none, and says what is wrong', async () => {
    const { get, update } = await asking({ colour: 'Which colour?' })
    for (const response of [{ answer: 'red' }, { action: 'accept', content: { colour: 'red' } }]) {
      const { error } = await update({ colour: response })
      expect(error).toMatchObject({ code: -32_602, message: expect.stringContaining('colour') })
    }
    expect((await get()).result?.status).toBe('input_required')
  })
})
