import assert from 'node:assert/strict'
import type { StoredTask, TaskStore } from '../core/words/task-store.js'
import { joining, settlement, storedTask } from './stored-task.js'
import type { StoreTest } from './task-store-test.js'

/** What changes a live task, and what no longer does. */
export function changeContract(test: StoreTest): void {
  writeContract(test)
  raceContract(test)
}

function writeContract(test: StoreTest): void {
  test('update changes a live task of this term, and keeps what it does not name', async (store) => {
    const task = storedTask({ priority: 3 })
    await store.start(task, joining())
    const progress = { current: 1, total: 3, details: { deep: [true] } }
    assert.equal(await store.update(task.ref, 1, { status: 'processing', startedAt: 5, progress }), true)
    assert.equal(await store.update(task.ref, 1, { priority: 4 }), true)
    const { status, startedAt, priority, progress: kept } = (await store.get(task.ref)) as StoredTask
    assert.deepEqual(
      { status, startedAt, priority, kept },
      { status: 'processing', startedAt: 5, priority: 4, kept: progress },
    )
    assert.equal(await store.update(task.ref, 2, { priority: 9 }), false)
  })

  test('settle keeps all of an ending', async (store) => {
    const task = storedTask()
    await store.start(task, joining())
    const properties = { status: 503, path: '/a', transient: true }
    const error = { name: 'TypeError', message: 'no', code: 'E1', properties, stack: 'at x' }
    const ending = settlement({
      status: 'failed',
      startedAt: 7,
      error,
      attempts: [{ error, at: 8 }],
      retryable: true,
    })
    assert.equal(await store.settle(task.ref, 1, ending), true)
    const { input: _, ...told } = ending
    const kept = (await store.get(task.ref)) as StoredTask
    for (const [field, value] of Object.entries(told))
      assert.deepEqual(kept[field as keyof StoredTask], value, field)
  })
}

function raceContract(test: StoreTest): void {
  test('of settles that race exactly one wins, and nothing changes it after', async (store, { another }) => {
    const stores = [store, (await another?.()) ?? store]
    const task = storedTask()
    await store.start(task, joining())
    const endings = (['complete', 'failed', 'cancelled'] as const).flatMap((status) => [
      status,
      status,
      status,
    ])
    const won = await Promise.all(
      endings.map((status, index) =>
        (stores[index % 2] as TaskStore).settle(task.ref, 1, settlement({ status })),
      ),
    )
    assert.equal(won.filter(Boolean).length, 1)
    const settled = { ...(await store.get(task.ref)) }
    assert.equal(settled.status, endings[won.indexOf(true)])
    assert.equal(await store.update(task.ref, 1, { status: 'processing' }), false)
    assert.equal(await store.settle(task.ref, 1, settlement({ status: 'failed' })), false)
    assert.equal(await store.revoke(task.ref, 1, settlement({ status: 'cancelled' })), false)
    assert.equal(await store.interrupt(task.ref, 1, settlement({ status: 'failed' })), false)
    assert.equal(await store.takeOver(task.ref, 1, 'other'), undefined)
    assert.deepEqual({ ...(await store.get(task.ref)) }, settled)
  })
}
