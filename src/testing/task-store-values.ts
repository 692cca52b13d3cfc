import assert from 'node:assert/strict'
import { defaultSerializer } from '../core/values/serializer.js'
import { END_OF_TIME } from '../core/words/duration.js'
import type { Ref } from '../core/words/ref.js'
import { settlement, storedTask } from './stored-task.js'
import type { StoreTest, TaskStoreFixture } from './task-store-test.js'

/** What a task store that keeps values holds to besides. */
export function valueContract(test: StoreTest): void {
  const start = { now: Date.now(), refresh: false }
  const text = (value: unknown) => defaultSerializer.stringify(value)

  test('settle keeps the value along with the ending', async (store, fixture) => {
    const { ref } = await store.start(storedTask(), start)
    const value = { text: 'ünïcödé "quoted" \0', date: new Date(5) }
    assert.equal(await store.settle(ref, 1, settlement(), text(value)), true)
    assert.deepEqual(await readValue(fixture, ref, 1), value)
  })

  test('a value of a megabyte is kept, and one that never expires', async (store, fixture) => {
    const { ref } = await store.start(storedTask(), start)
    const value = 'é'.repeat(500_000)
    await store.settle(ref, 1, settlement({ expiresAt: END_OF_TIME }), text(value))
    assert.equal(await readValue(fixture, ref, 1), value)
  })

  test('a value goes when its ref can be redeemed no longer', async (store, fixture) => {
    const { ref } = await store.start(storedTask(), start)
    await store.settle(ref, 1, settlement({ expiresAt: Date.now() }), text('gone'))
    for (const until = Date.now() + 5_000; Date.now() < until; )
      if ((await readValue(fixture, ref, 1)) === undefined) break
    assert.equal(await readValue(fixture, ref, 1), undefined)
  })

  test('a settle that is refused keeps no value', async (store, fixture) => {
    const { ref } = await store.start(storedTask(), start)
    assert.equal(await store.settle(ref, 2, settlement(), text('of another term')), false)
    assert.equal(await store.settle(ref, 1, settlement(), text('first')), true)
    assert.equal(await store.settle(ref, 1, settlement(), text('second')), false)
    assert.deepEqual(
      [await readValue(fixture, ref, 1), await readValue(fixture, ref, 2)],
      ['first', undefined],
    )
  })

  test('of settles that race the value is the winner’s', async (store, fixture) => {
    const stores = [store, (await fixture.another?.()) ?? store]
    const { ref } = await store.start(storedTask(), start)
    const won = await Promise.all(
      Array.from({ length: 10 }, (_, index) => stores[index % 2]?.settle(ref, 1, settlement(), text(index))),
    )
    assert.equal(await readValue(fixture, ref, 1), won.indexOf(true))
  })

  test('an old term that wakes leaves the value of its successor', async (store, fixture) => {
    const { ref } = await store.start(storedTask({ owner: 'old' }), start)
    await store.takeOver(ref, 1, 'new')
    assert.equal(await store.settle(ref, 2, settlement(), text('new')), true)
    assert.equal(await store.settle(ref, 1, settlement(), text('old')), false)
    assert.deepEqual([await readValue(fixture, ref, 1), await readValue(fixture, ref, 2)], [undefined, 'new'])
  })
}

async function readValue({ readValue }: TaskStoreFixture, ref: Ref, term: number): Promise<unknown> {
  assert.ok(readValue, 'a store that keeps values needs the fixture’s readValue')
  return readValue(ref, term)
}
