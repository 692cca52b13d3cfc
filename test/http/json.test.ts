import { describe, expect, it } from 'vitest'
import { requestsTo } from '../support/http.js'
import { rainWith } from '../support/rain.js'

/** What `GET /tasks/{ref}/result` answers for a function that returned this. */
async function told(value: unknown): Promise<unknown> {
  const rain = rainWith()
  const wrapped = rain.cached({ name: 'odd', asyncTimeout: '5s' })(async () => value)
  const { post, get } = requestsTo(rain, { functions: [wrapped] })
  const { ref } = (await post('/tasks', { function: 'odd', format: 'minimal' })).body
  const { status, headers, body } = await get(`/tasks/${ref}/result`)
  expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'application/json' })
  return body
}

/** An object in an object, so many in all. */
function nested(levels: number, innermost: unknown): object {
  let value = { in: innermost }
  for (let level = 1; level < levels; level++) value = { in: value }
  return value
}

/** How many objects are in each other, and what is in the last. */
function unnested(value: unknown): { levels: number; innermost: unknown } {
  let levels = 0
  let innermost = value
  for (; typeof innermost === 'object' && innermost !== null; levels++)
    innermost = (innermost as { in: unknown }).in
  return { levels, innermost }
}

const range = { name: 'RangeError', message: 'too wide' }

describe('a value as JSON', () => {
  it.each([
    ['its name and message, without a stack, for an error', new RangeError('too wide'), range],
    ['its text for a URL', new URL('https://docs.example/a?b=1#c'), 'https://docs.example/a?b=1#c'],
    ['its text for an expression', /a+b/gi, '/a+b/gi'],
    ['base64 for a buffer', Uint8Array.from([104, 105]).buffer, 'aGk='],
    ['base64 of its part for a view of a buffer', Uint8Array.from([0, 104, 105]).subarray(1), 'aGk='],
    ['null for a moment that is none', new Date(Number.NaN), null],
    ['null for nothing', undefined, null],
  ])('is %s', async (_, value, expected) => {
    expect(await told(value)).toEqual(expected)
  })

  it('is whole to a depth of 500, and ends with a text that says so', async () => {
    expect(unnested(await told(nested(500, 1)))).toEqual({ levels: 500, innermost: 1 })
    expect(unnested(await told(nested(600, 1)))).toEqual({ levels: 500, innermost: '[too deep]' })
  })

  it('has what is in two places in both', async () => {
    const shared = new Map([['a', 1n]])
    expect(await told({ one: shared, other: shared })).toEqual({ one: [['a', '1']], other: [['a', '1']] })
  })
})
