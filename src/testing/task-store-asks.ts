import assert from 'node:assert/strict'
import { joining, settlement, storedTask } from './stored-task.js'
import type { StoreTest } from './task-store-test.js'

/** What a task store does with what functions ask. */
export function askContract(test: StoreTest): void {
  const open = { colour: { request: { message: 'Which?' } }, size: { request: 'How large?' } }
  const half = { ...open, colour: { ...open.colour, answer: 'red' } }
  const done = { ...half, size: { ...open.size, answer: null } }

  test('a task that asks is nobody’s, and is not taken over until all is answered', async (store) => {
    const task = storedTask({ owner: 'a' })
    await store.start({ ...task }, joining())
    await store.renew('a', 60_000)
    await store.update(task.ref, 1, { status: 'processing' })
    assert.equal(await store.ask(task.ref, 2, { questions: open, input: task.input }), false)
    assert.equal(await store.ask(task.ref, 1, { questions: open, input: task.input }), true)
    assert.deepEqual(await store.get(task.ref), { ...task, owner: '', held: false, questions: open })
    assert.deepEqual(await store.unheld(), [])
    assert.equal(await store.takeOver(task.ref, 1, 'b'), undefined)
    assert.equal(await store.answer(task.ref, open, half), true)
    assert.deepEqual(await store.unheld(), [])
    assert.equal(await store.takeOver(task.ref, 1, 'b'), undefined)
    assert.equal(await store.answer(task.ref, half, done), true)
    assert.deepEqual(
      (await store.unheld()).map(({ ref }) => ref),
      [task.ref],
    )
    const { term, owner, status, questions, interruptions, input } = {
      ...(await store.takeOver(task.ref, 1, 'b')),
    }
    assert.deepEqual(
      { term, owner, status, questions, interruptions, input },
      { term: 2, owner: 'b', status: 'pending', questions: done, interruptions: 0, input: task.input },
    )
  })

  test('of answers that race exactly one lands, and none after the end', async (store, { another }) => {
    const stores = [store, (await another?.()) ?? store]
    const task = storedTask()
    await store.start({ ...task }, joining())
    await store.ask(task.ref, 1, { questions: open, input: task.input })
    const landed = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        stores[index % 2]?.answer(task.ref, open, {
          ...open,
          size: { ...open.size, answer: index },
        }),
      ),
    )
    assert.equal(landed.filter(Boolean).length, 1)
    const winner = landed.indexOf(true)
    const { questions } = { ...(await store.get(task.ref)) }
    assert.deepEqual(questions, { ...open, size: { ...open.size, answer: winner } })
    assert.equal(await store.settle(task.ref, 1, settlement()), true)
    assert.equal(await store.answer(task.ref, questions ?? {}, done), false)
    assert.equal(await store.ask(task.ref, 1, { questions: open, input: task.input }), false)
  })
}
