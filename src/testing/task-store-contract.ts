import assert from 'node:assert/strict'
import type { Status } from '../core/words/answer.js'
import type { StoredTask, TaskStore } from '../core/words/task-store.js'
import type { TestRunner } from './runner.js'
import { joining, settlement, storedTask } from './stored-task.js'
import { askContract } from './task-store-asks.js'
import { changeContract } from './task-store-changes.js'
import { forgetContract } from './task-store-forgets.js'
import { leaseContract } from './task-store-leases.js'
import { removeContract } from './task-store-removals.js'
import type { StoreTest, TaskStoreFixture } from './task-store-test.js'
import { transitionContract } from './task-store-transitions.js'
import { valueContract } from './task-store-values.js'

/** Which task store is tested. */
export interface TaskStoreSuite {
  /** For the names of the tests. */
  name: string
  /** Whether processes share the store; then leases are tested, too. */
  shared: boolean
  /** Whether `settle` keeps values, too; then that is tested, with the fixture's `readValue`. */
  keepsValues: boolean
  /** Gives an empty store for each test. */
  make(): TaskStoreFixture | Promise<TaskStoreFixture>
}

/** Registers the tests of what every task store holds to. @param runner As for `backendContract`. @param suite What is tested. */
export function taskStoreContract(runner: TestRunner, suite: TaskStoreSuite): void {
  const { name, shared, keepsValues, make } = suite
  const test = (what: string, body: (store: TaskStore, fixture: TaskStoreFixture) => Promise<void>) =>
    runner.it(what, async () => {
      const fixture = await make()
      assert.deepEqual([fixture.store.shared, fixture.store.keepsValues], [shared, keepsValues])
      try {
        await body(fixture.store, fixture)
      } finally {
        await fixture.cleanUp()
      }
    })
  runner.describe(`${name}: the contract of task stores`, () => {
    startContract(test)
    freshContract(test)
    transitionContract(test, shared)
    changeContract(test)
    listContract(test)
    forgetContract(test, shared)
    removeContract(test)
    askContract(test)
    if (shared) leaseContract(test)
    if (keepsValues) valueContract(test)
  })
}

function startContract(test: StoreTest): void {
  test('start keeps all of a record', async (store) => {
    const metadata = { user: 'ünïcödé "quoted"', tags: [1, null, true] }
    const task = storedTask({
      title: 'ünïcödé "quoted"',
      priority: -1.5,
      scope: 'a',
      instance: 'é',
      metadata,
    })
    assert.deepEqual(await store.start(task, joining()), task)
    await store.renew(task.owner, 60_000)
    assert.deepEqual(await store.get(task.ref), task)
  })

  test('start joins the live task of the key', async (store) => {
    const first = storedTask()
    await store.start(first, joining())
    const standing = await store.start(storedTask({ key: first.key }), joining())
    assert.equal(standing.ref, first.ref)
  })

  test('start may be repeated when its answer was lost', async (store) => {
    const task = storedTask()
    await store.start({ ...task }, joining())
    assert.equal((await store.start({ ...task }, joining())).ref, task.ref)
  })

  test('of starts that race for a key exactly one wins', async (store, { another }) => {
    const stores = [store, (await another?.()) ?? store]
    for (let round = 0; round < 20; round++) {
      const { key } = storedTask()
      const racers = Array.from({ length: 10 }, () => storedTask({ key }))
      const standing = await Promise.all(
        racers.map((task, index) => (stores[index % 2] as TaskStore).start(task, joining())),
      )
      assert.equal(new Set(standing.map(({ ref }) => ref)).size, 1)
      assert.equal(racers.filter(({ ref }, index) => standing[index]?.ref === ref).length, 1)
    }
  })
}

/** What is settled answers its key for as long as it is fresh. */
function freshContract(test: StoreTest): void {
  test('start joins a settled task while it is fresh, and not when it is stale', async (store) => {
    const settled = storedTask()
    await store.start(settled, joining())
    const { freshUntil } = settlement()
    await store.settle(settled.ref, 1, settlement({ freshUntil }))
    const early = await store.start(storedTask({ key: settled.key }), { now: freshUntil - 1, refresh: false })
    assert.equal(early.ref, settled.ref)
    const late = storedTask({ key: settled.key })
    assert.equal((await store.start(late, { now: freshUntil, refresh: false })).ref, late.ref)
  })

  test('a refresh passes over what is settled, and joins what is live', async (store) => {
    const settled = storedTask()
    await store.start(settled, joining())
    await store.settle(settled.ref, 1, settlement())
    const fresh = storedTask({ key: settled.key })
    assert.equal((await store.start(fresh, { now: Date.now(), refresh: true })).ref, fresh.ref)
    const next = await store.start(storedTask({ key: settled.key }), { now: Date.now(), refresh: true })
    assert.equal(next.ref, fresh.ref)
  })

  test('no older value answers after a newer one, however short that is fresh', async (store) => {
    const now = Date.now()
    for (const freshUntil of [now + 1, 0]) {
      const older = storedTask()
      const [newer, next] = [storedTask({ key: older.key }), storedTask({ key: older.key })]
      await store.start({ ...older }, joining())
      await store.settle(older.ref, 1, settlement({ settledAt: now }))
      await store.start({ ...newer }, { now, refresh: true })
      await store.settle(newer.ref, 1, settlement({ settledAt: now + 1, freshUntil }))
      assert.equal(await store.standing(older.key, now + 2), undefined)
      assert.notEqual((await store.latest(older.key))?.ref, older.ref)
      assert.equal((await store.get(older.ref))?.status, 'complete')
      assert.equal((await store.start(next, { now: now + 2, refresh: false })).ref, next.ref)
    }
  })

  test('a failure does not stand in the way of an older value that is fresh', async (store) => {
    const older = storedTask()
    await store.start(older, joining())
    await store.settle(older.ref, 1, settlement())
    const failing = storedTask({ key: older.key })
    await store.start(failing, { now: Date.now(), refresh: true })
    const settledAt = Date.now() + 1
    await store.settle(failing.ref, 1, settlement({ status: 'failed', settledAt, freshUntil: settledAt }))
    const standing = await store.start(storedTask({ key: older.key }), { now: settledAt + 1, refresh: false })
    assert.equal(standing.ref, older.ref)
    assert.equal((await store.latest(older.key))?.ref, older.ref)
  })
}

function listContract(test: StoreTest): void {
  test('list gives the tasks of a scope by status and name, newest first', async (store) => {
    const [a, b, c] = [1, 2, 3].map((createdAt) =>
      storedTask({ scope: 's', createdAt, name: `f${createdAt % 2}` }),
    )
    for (const task of [a, c, b, storedTask({ scope: 'other' })])
      await store.start(task as StoredTask, joining())
    await store.settle((b as StoredTask).ref, 1, settlement())
    const refs = async (filter: object) =>
      (await store.list({ scope: 's', limit: 10, ...filter })).map(({ ref }) => ref)
    assert.deepEqual(await refs({}), [c?.ref, b?.ref, a?.ref])
    assert.deepEqual(await refs({ status: 'complete' }), [b?.ref])
    assert.deepEqual(await refs({ name: 'f1' }), [c?.ref, a?.ref])
    assert.deepEqual(await refs({ limit: 2 }), [c?.ref, b?.ref])
  })

  test('list gives a task that was left among the pending ones', async (store) => {
    const task = storedTask({ scope: 's' })
    await store.start(task, joining())
    await store.update(task.ref, 1, { status: 'processing' })
    await store.leave(task.ref, 1)
    const refs = async (status: Status) =>
      (await store.list({ scope: 's', status, limit: 10 })).map(({ ref }) => ref)
    assert.deepEqual([await refs('pending'), await refs('processing')], [[task.ref], []])
  })

  test('the pages of a list have no gaps and no repeats, also among tasks of one moment', async (store) => {
    const tasks = Array.from({ length: 25 }, (_, index) => storedTask({ createdAt: Math.floor(index / 10) }))
    for (const task of tasks) await store.start(task, joining())
    const seen: string[] = []
    let after: { createdAt: number; ref: string } | undefined
    for (;;) {
      const page = await store.list({ scope: '', limit: 4, ...(after ? { after } : {}) })
      seen.push(...page.map(({ ref }) => ref))
      after = page.at(-1)
      if (!after) break
    }
    assert.equal(seen.length, 25)
    assert.deepEqual(new Set(seen), new Set(tasks.map(({ ref }) => ref)))
  })
}
