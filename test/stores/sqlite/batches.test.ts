import { expect, it } from 'vitest'
import { deferred } from '../../../src/core/words/deferred.js'
import { inBatches } from '../../../src/stores/sqlite/batches.js'

/** A store that answers with what it was given, once the test lets it. */
function heldStore() {
  const batches: { items: readonly string[]; letGo: () => void; fail: (error: Error) => void }[] = []
  const ask = inBatches(
    (item: string) => item.slice(0, 1),
    (items) => {
      const { promise, resolve, reject } = deferred<readonly string[]>()
      batches.push({ items, letGo: () => resolve(items.map((item) => `did ${item}`)), fail: reject })
      return promise
    },
  )
  return { ask, batches, turn: () => new Promise((resolve) => setImmediate(resolve)) }
}

it('goes out at once when alone, and with all that is asked for in the same tick', async () => {
  const { ask, batches, turn } = heldStore()
  const answers = [ask('a'), ask('b')]
  await turn()
  expect(batches.map(({ items }) => items)).toEqual([['a', 'b']])
  batches[0]?.letGo()
  expect(await Promise.all(answers)).toEqual(['did a', 'did b'])
})

it('gathers what is asked for while a batch is under way, at most 100', async () => {
  const { ask, batches, turn } = heldStore()
  const first = ask('a')
  await turn()
  const names = Array.from({ length: 150 }, (_, n) => String.fromCharCode(0x4e00 + n))
  const rest = names.map((name) => ask(name))
  for (const at of [0, 1, 2]) {
    await turn()
    batches[at]?.letGo()
  }
  await first
  expect(await Promise.all(rest)).toEqual(names.map((name) => `did ${name}`))
  expect(batches.map(({ items }) => items.length)).toEqual([1, 100, 50])
})

it('holds no id twice: each of two answers is its own', async () => {
  const { ask, batches, turn } = heldStore()
  const answers = [ask('a1'), ask('b'), ask('a2')]
  await turn()
  batches[0]?.letGo()
  await turn()
  batches[1]?.letGo()
  expect(await Promise.all(answers)).toEqual(['did a1', 'did b', 'did a2'])
  expect(batches.map(({ items }) => items)).toEqual([['a1', 'b'], ['a2']])
})

it('fails as a batch, and goes on with the next', async () => {
  const { ask, batches, turn } = heldStore()
  const failing = [ask('a'), ask('b')].map((answer) => answer.catch((error: Error) => error.message))
  await turn()
  const next = ask('c')
  batches[0]?.fail(new Error('disk full'))
  await turn()
  batches[1]?.letGo()
  expect(await Promise.all([...failing, next])).toEqual(['disk full', 'disk full', 'did c'])
})
