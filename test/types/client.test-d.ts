import { expectTypeOf, test } from 'vitest'
import { createClient, type SettledAnswer } from '../../src/http/client.js'
import type { CallAnswer, Ref } from '../../src/index.js'

const client = createClient<{ square: (input: { n: number }) => Promise<number> }>('http://localhost:8377')

test('a call takes the input of its function, and answers with its value', () => {
  expectTypeOf(client.call('square', { n: 2 })).resolves.toEqualTypeOf<CallAnswer<number>>()
  // @ts-expect-error: the input is wrong
  client.call('square', { n: 'two' })
  // @ts-expect-error: there is no such function
  client.call('cube', { n: 2 })
})

test('a ref knows the type of its value', () => {
  expectTypeOf(client.wait({} as Ref<number>)).resolves.toEqualTypeOf<SettledAnswer<number>>()
})

test('without types of functions any may be called', () => {
  expectTypeOf(createClient('/').call('anything', 5)).resolves.toEqualTypeOf<CallAnswer<unknown>>()
})
