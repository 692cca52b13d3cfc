import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import { registerCachedTool, registerTaskTools } from '../../src/mcp/index.js'
import { peers, type Result, textOf } from './peers.js'

const form = {
  method: 'elicitation/create',
  params: {
    message: 'Delete it?',
    requestedSchema: { type: 'object', properties: { confirm: { type: 'boolean' } } },
  },
}

function fieldsOf({ structuredContent }: Result): Record<string, unknown> {
  return structuredContent ?? {}
}

describe.each(peers)('a task that asks a client without the extension, on %s', (_, connect) => {
  async function asking(requests: Record<string, unknown>) {
    const rain = createRaincheck({ app: 'test' })
    onTestFinished(() => rain.close({ drain: 0 }))
    const wrapped = rain.cached({ name: 'order', asyncTimeout: '5s', input: z.object({}) })(async (_, task) =>
      Promise.all(Object.entries(requests).map(([key, request]) => task.ask(key, request))),
    )
    const { call } = await connect((host) => {
      registerCachedTool(host, 'order', wrapped)
      registerTaskTools(host, rain)
    })
    const asked = await call('order')
    return { rain, call, asked, ref: fieldsOf(asked).ref as string }
  }

  it('shows the question with what to do, in text and fields alike', async () => {
    const { call, asked, ref } = await asking({ colour: { message: 'Which colour?' } })
    expect(asked.isError).toBeUndefined()
    expect(JSON.parse(textOf(asked))).toEqual(fieldsOf(asked))
    for (const result of [
      asked,
      await call('get_task_status', { ref }),
      await call('get_task_result', { ref }),
    ])
      expect(fieldsOf(result)).toMatchObject({
        ...{ status: 'pending', ref, requests: { colour: { message: 'Which colour?' } } },
        nextStep: expect.stringContaining('answer_task'),
      })
  })

  it('goes on with the answers of answer_task, which may come one by one', async () => {
    const { call, ref } = await asking({ colour: 'Which colour?', size: 'How large?' })
    const half = await call('answer_task', { ref, answers: { size: 42 } })
    expect(fieldsOf(half)).toMatchObject({ status: 'pending', requests: { colour: 'Which colour?' } })
    expect(fieldsOf(half).requests).not.toHaveProperty('size')
    await call('answer_task', { ref, answers: { colour: 'red' } })
    const result = await call('get_task_result', { ref, waitSeconds: 20 })
    expect(fieldsOf(result)).toMatchObject({ status: 'complete', value: ['red', 42] })
  })

  it('takes the fields of a form without the words of the protocol, and with them', async () => {
    const { call, ref } = await asking({ one: form, other: form })
    await call('answer_task', { ref, answers: { one: { confirm: true }, other: { action: 'decline' } } })
    const result = await call('get_task_result', { ref, waitSeconds: 20 })
    expect(fieldsOf(result).value).toEqual([
      { action: 'accept', content: { confirm: true } },
      { action: 'decline' },
    ])
  })

  it('says what the task waits for when other keys are answered', async () => {
    const { rain, call, ref } = await asking({ colour: 'Which colour?' })
    const wrong = await call('answer_task', { ref, answers: { color: 'red' } })
    expect(wrong.isError).toBe(true)
    expect(textOf(wrong)).toContain('waits for an answer to: colour; color was given')
    const { ref: quiet } = await rain.cached({ name: 'quiet', asyncTimeout: '5s' })(async () => 1)()
    const unasked = await call('answer_task', { ref: quiet, answers: { colour: 'red' } })
    expect(unasked.isError).toBe(true)
    expect(textOf(unasked)).toContain('INVALID_INPUT')
    const unknown = await call('answer_task', { ref: 'rc_unknown', answers: { colour: 'red' } })
    expect(textOf(unknown)).toContain('REF_NOT_FOUND')
  })
})
