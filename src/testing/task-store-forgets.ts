import assert from 'node:assert/strict'
import type { StoredTask, TaskStore } from '../core/words/task-store.js'
import { joining, settlement, storedTask } from './stored-task.js'
import type { StoreTest } from './task-store-test.js'

/** What a key answers, and what `forget` leaves of that. @param isShared Whether another process may hold the live task. */
export function forgetContract(test: StoreTest, isShared: boolean): void {
  standingContract(test)
  settledContract(test)
  liveContract(test, isShared)
  raceContract(test)
}

function standingContract(test: StoreTest): void {
  test('standing gives what a start would join, and changes nothing', async (store) => {
    const task = storedTask()
    assert.equal(await store.standing(task.key, Date.now()), undefined)
    await store.start(task, joining())
    assert.equal((await store.standing(task.key, Date.now()))?.ref, task.ref)
    const { freshUntil } = settlement()
    await store.settle(task.ref, 1, settlement({ freshUntil }))
    assert.equal((await store.standing(task.key, freshUntil - 1))?.status, 'complete')
    assert.equal(await store.standing(task.key, freshUntil), undefined)
    assert.equal((await store.get(task.ref))?.status, 'complete')
  })
}

function settledContract(test: StoreTest): void {
  test('forget removes the values that a key answers, and says which', async (store) => {
    const task = await settled(store, storedTask())
    assert.deepEqual(await store.forget(task.key), [{ ref: task.ref, term: 1 }])
    assert.equal(await store.get(task.ref), undefined)
    assert.equal(await store.standing(task.key, Date.now()), undefined)
    assert.equal(await store.latest(task.key), undefined)
    const next = storedTask({ key: task.key })
    assert.equal((await store.start(next, joining())).ref, next.ref)
  })

  test('forget removes a fresh failure along with the value before it', async (store) => {
    const value = await settled(store, storedTask())
    const failure = storedTask({ key: value.key })
    const settledAt = Date.now() + 1
    await settled(store, failure, { status: 'failed', settledAt, freshUntil: settledAt + 60_000 })
    const removed = (await store.forget(value.key)).map(({ ref }) => ref)
    assert.deepEqual(new Set(removed), new Set([value.ref, failure.ref]))
    assert.equal(await store.standing(value.key, Date.now()), undefined)
  })

  test('forget leaves an older value to its ref, and no call is answered by it', async (store) => {
    const older = await settled(store, storedTask())
    const newer = storedTask({ key: older.key })
    await settled(store, newer, { settledAt: Date.now() + 1 })
    assert.deepEqual(await store.forget(older.key), [{ ref: newer.ref, term: 1 }])
    assert.equal((await store.get(older.ref))?.status, 'complete')
    assert.equal(await store.latest(older.key), undefined)
    const next = storedTask({ key: older.key })
    assert.equal((await store.start(next, joining())).ref, next.ref)
  })

  test('forget removes nothing of a key that answers nothing, or of another key', async (store) => {
    const [stale, other] = [storedTask(), storedTask()]
    await settled(store, stale, { freshUntil: 0 })
    await settled(store, other)
    assert.deepEqual(await store.forget(stale.key), [])
    assert.equal((await store.get(stale.ref))?.status, 'complete')
    assert.equal((await store.standing(other.key, Date.now()))?.ref, other.ref)
  })
}

function liveContract(test: StoreTest, isShared: boolean): void {
  test('a live task that is forgotten goes on, and neither it nor its value answers its key', async (store) => {
    const task = storedTask({ owner: 'a' })
    await store.start({ ...task }, joining())
    assert.deepEqual(await store.forget(task.key), [])
    assert.deepEqual(await store.forget(task.key), [], 'as for an answer that was lost')
    assert.equal(await store.standing(task.key, Date.now()), undefined)
    const next = storedTask({ key: task.key })
    assert.equal((await store.start(next, joining())).ref, next.ref)
    assert.equal(await store.update(task.ref, 1, { status: 'processing' }), true)
    assert.equal(await store.settle(task.ref, 1, settlement()), true)
    assert.equal((await store.get(task.ref))?.status, 'complete')
    assert.equal((await store.standing(task.key, Date.now()))?.ref, next.ref)
    assert.equal(await store.latest(task.key), undefined)
    if (isShared) assert.deepEqual(await store.revoked('a'), [task.ref])
  })
}

function raceContract(test: StoreTest): void {
  test('a forget that races with an end leaves nothing that answers the key', async (store, { another }) => {
    const elsewhere = (await another?.()) ?? store
    for (let round = 0; round < 20; round++) {
      const task = storedTask()
      await store.start({ ...task }, joining())
      const [isSettled, removed] = await Promise.all([
        store.settle(task.ref, 1, settlement()),
        elsewhere.forget(task.key),
      ])
      assert.equal(isSettled, true)
      assert.equal(await store.standing(task.key, Date.now()), undefined)
      assert.equal(await store.latest(task.key), undefined)
      assert.equal((await store.get(task.ref)) === undefined, removed.length === 1)
    }
  })
}

async function settled(
  store: TaskStore,
  task: StoredTask,
  changes: Parameters<typeof settlement>[0] = {},
): Promise<StoredTask> {
  await store.start({ ...task }, { now: Date.now(), refresh: true })
  assert.equal(await store.settle(task.ref, task.term, settlement(changes)), true)
  return task
}
