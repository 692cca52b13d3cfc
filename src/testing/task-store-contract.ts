import assert from 'node:assert/strict'
import type { Ref } from '../core/ref.js'
import type { StoredTask, TaskStore } from '../core/task-store.js'
import { askContract } from './ask-contract.js'
import { leaseContract } from './lease-contract.js'
import { removeContract } from './remove-contract.js'
import type { TestRunner } from './runner.js'
import { settlement, storedTask } from './stored-task.js'
import { valueContract } from './value-contract.js'

export interface TaskStoreFixture {
  store: TaskStore
  /** For a shared store: opens another connection to the same records. */
  another?: () => TaskStore | Promise<TaskStore>
  /** For a store that keeps values: reads one as a raincheck on it would. */
  readValue?: (ref: Ref, run: number) => Promise<unknown>
  /** Called after each test. */
  cleanUp(): void | Promise<void>
}

export interface TaskStoreSuite {
  name: string
  /** Whether processes share the store; then leases are tested, too. */
  shared: boolean
  /** Whether `settle` keeps values, too; then that is tested, with the fixture's `readValue`. */
  keepsValues: boolean
  /** Gives an empty store for each test. */
  make(): TaskStoreFixture | Promise<TaskStoreFixture>
}

/** What every task store holds to. */
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
    changeContract(test)
    listContract(test)
    removeContract(test)
    askContract(test)
    if (shared) leaseContract(test)
    if (keepsValues) valueContract(test)
  })
}

export type StoreTest = (
  what: string,
  body: (store: TaskStore, fixture: TaskStoreFixture) => Promise<void>,
) => void

const now = () => ({ now: Date.now(), refresh: false })

function startContract(test: StoreTest): void {
  test('start keeps all of a record', async (store) => {
    const task = storedTask({ title: 'ünïcödé "quoted"', priority: -1.5, scope: 'a' })
    assert.deepEqual(await store.start(task, now()), task)
    await store.renew(task.owner, 60_000)
    assert.deepEqual(await store.get(task.ref), task)
  })

  test('start joins the live task of the key', async (store) => {
    const first = storedTask()
    await store.start(first, now())
    const standing = await store.start(storedTask({ key: first.key }), now())
    assert.equal(standing.ref, first.ref)
  })

  test('start may be repeated when its answer was lost', async (store) => {
    const task = storedTask()
    await store.start({ ...task }, now())
    assert.equal((await store.start({ ...task }, now())).ref, task.ref)
  })

  test('of starts that race for a key exactly one wins', async (store, { another }) => {
    const stores = [store, (await another?.()) ?? store]
    for (let round = 0; round < 20; round++) {
      const { key } = storedTask()
      const racers = Array.from({ length: 10 }, () => storedTask({ key }))
      const standing = await Promise.all(
        racers.map((task, index) => (stores[index % 2] as TaskStore).start(task, now())),
      )
      assert.equal(new Set(standing.map(({ ref }) => ref)).size, 1)
      assert.equal(racers.filter(({ ref }, index) => standing[index]?.ref === ref).length, 1)
    }
  })

  test('start joins a settled task while it is fresh, and not when it is stale', async (store) => {
    const settled = storedTask()
    await store.start(settled, now())
    const { freshUntil } = settlement()
    await store.settle(settled.ref, 1, settlement({ freshUntil }))
    const early = await store.start(storedTask({ key: settled.key }), { now: freshUntil - 1, refresh: false })
    assert.equal(early.ref, settled.ref)
    const late = storedTask({ key: settled.key })
    assert.equal((await store.start(late, { now: freshUntil, refresh: false })).ref, late.ref)
  })

  test('a refresh passes over what is settled, and joins what is live', async (store) => {
    const settled = storedTask()
    await store.start(settled, now())
    await store.settle(settled.ref, 1, settlement())
    const fresh = storedTask({ key: settled.key })
    assert.equal((await store.start(fresh, { now: Date.now(), refresh: true })).ref, fresh.ref)
    const next = await store.start(storedTask({ key: settled.key }), { now: Date.now(), refresh: true })
    assert.equal(next.ref, fresh.ref)
  })

  test('a failure does not stand in the way of an older value that is fresh', async (store) => {
    const older = storedTask()
    await store.start(older, now())
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

function changeContract(test: StoreTest): void {
  test('update changes a live task of this run, and keeps what it does not name', async (store) => {
    const task = storedTask({ priority: 3 })
    await store.start(task, now())
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
    await store.start(task, now())
    const error = { name: 'TypeError', message: 'no', code: 'E1', stack: 'at x' }
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

  test('of settles that race exactly one wins, and nothing changes it after', async (store, { another }) => {
    const stores = [store, (await another?.()) ?? store]
    const task = storedTask()
    await store.start(task, now())
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

  test('another run may neither update nor settle', async (store) => {
    const task = storedTask()
    await store.start(task, now())
    assert.equal(await store.settle(task.ref, 2, settlement()), false)
    assert.equal((await store.get(task.ref))?.status, 'pending')
  })

  test('an unknown ref is undefined, and nothing can be done to it', async (store) => {
    const { ref } = storedTask()
    assert.equal(await store.get(ref), undefined)
    assert.equal(await store.update(ref, 1, { priority: 1 }), false)
    assert.equal(await store.settle(ref, 1, settlement()), false)
    assert.equal(await store.remove(ref), false)
  })
}

function listContract(test: StoreTest): void {
  test('list gives the tasks of a scope by status and name, newest first', async (store) => {
    const [a, b, c] = [1, 2, 3].map((createdAt) =>
      storedTask({ scope: 's', createdAt, name: `f${createdAt % 2}` }),
    )
    for (const task of [a, c, b, storedTask({ scope: 'other' })]) await store.start(task as StoredTask, now())
    await store.settle((b as StoredTask).ref, 1, settlement())
    const refs = async (filter: object) =>
      (await store.list({ scope: 's', limit: 10, ...filter })).map(({ ref }) => ref)
    assert.deepEqual(await refs({}), [c?.ref, b?.ref, a?.ref])
    assert.deepEqual(await refs({ status: 'complete' }), [b?.ref])
    assert.deepEqual(await refs({ name: 'f1' }), [c?.ref, a?.ref])
    assert.deepEqual(await refs({ limit: 2 }), [c?.ref, b?.ref])
  })

  test('the pages of a list have no gaps and no repeats, also among tasks of one moment', async (store) => {
    const tasks = Array.from({ length: 25 }, (_, index) => storedTask({ createdAt: Math.floor(index / 10) }))
    for (const task of tasks) await store.start(task, now())
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
