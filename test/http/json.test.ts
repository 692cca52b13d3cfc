import { describe, expect, it } from 'vitest'
import { requestsTo } from '../support/http.js'
import { jsonForms, tooDeep } from '../support/json-forms.js'
import { rainWith } from '../support/rain.js'

/** What a call of a function that returned this is answered with. */
async function answering(value: unknown) {
  const rain = rainWith()
  const wrapped = rain.cached({ name: 'odd', asyncTimeout: '5s' })(async () => value)
  const { post, get } = requestsTo(rain, { functions: [wrapped] })
  const { body } = await post('/tasks', { function: 'odd', format: 'minimal' })
  return { value: body.value, ref: body.ref, get }
}

describe('a value as JSON', () => {
  it.each(jsonForms)('is %s', async (_, value, expected) => {
    expect((await answering(value)).value).toEqual(expected)
  })

  it('ends with a text that says so where it nests too deep', async () => {
    const { get, ref } = await answering(tooDeep)
    const { body } = await get(`/tasks/${ref}/result`)
    expect(JSON.stringify(body)).toMatch(/^(\{"in":){500}"\[too deep\]"\}{500}$/)
  })

  it('is null for nothing, as JSON as any', async () => {
    const { get, ref } = await answering(undefined)
    const { status, headers, body } = await get(`/tasks/${ref}/result`)
    const type = headers.get('content-type')
    expect({ status, type, body }).toEqual({ status: 200, type: 'application/json', body: null })
  })
})
