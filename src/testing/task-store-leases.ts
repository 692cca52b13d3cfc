import assert from 'node:assert/strict'
import type { Ref } from '../core/words/ref.js'
import type { ListFilter, StoredTask, TaskStore } from '../core/words/task-store.js'
import { joining, settlement, storedTask } from './stored-task.js'
import type { StoreTest } from './task-store-test.js'

/** What a task store that processes share holds to besides. */
export function leaseContract(test: StoreTest): void {
  holdContract(test)
  shownContract(test)
  takeOverContract(test)
}

function holdContract(test: StoreTest): void {
  test('a task is held while the lease of its owner runs', async (store) => {
    const task = storedTask({ owner: 'a' })
    await store.start(task, joining())
    assert.equal((await store.get(task.ref))?.held, false)
    await store.renew('a', 60_000)
    assert.equal((await store.get(task.ref))?.held, true)
    await store.renew('a', -1)
    assert.equal((await store.get(task.ref))?.held, false)
    await store.renew('a', 60_000)
    await store.release('a')
    assert.equal((await store.get(task.ref))?.held, false)
  })

  test('a task is interrupted only when its lease has run out', async (store) => {
    const task = storedTask({ owner: 'a' })
    await store.start(task, joining())
    await store.renew('a', 60_000)
    assert.equal(await store.interrupt(task.ref, 1, settlement({ status: 'failed' })), false)
    await store.release('a')
    assert.equal(await store.interrupt(task.ref, 1, settlement({ status: 'failed' })), true)
    assert.deepEqual(await store.revoked('a'), [task.ref])
  })

  test('a revoke settles the task, and its owner learns of it', async (store) => {
    const task = storedTask({ owner: 'a' })
    await store.start(task, joining())
    assert.equal(await store.revoke(task.ref, 1, settlement({ status: 'cancelled' })), true)
    assert.deepEqual(await store.revoked('a'), [task.ref])
    assert.deepEqual(await store.revoked('b'), [])
    assert.equal(await store.settle(task.ref, 1, settlement()), false)
    assert.equal((await store.get(task.ref))?.status, 'cancelled')
  })
}

/** A list is by the status that tasks show, which changes with the lease of their owner, and no write to them. */
function shownContract(test: StoreTest): void {
  test('list gives the tasks that nobody holds among the pending ones, in full pages', async (store) => {
    const tasks = Array.from({ length: 12 }, (_, at) =>
      storedTask({ createdAt: at, owner: at % 2 === 0 ? 'alive' : 'gone', name: `f${at % 3}` }),
    )
    for (const [at, task] of tasks.entries()) {
      await store.start({ ...task }, joining())
      if (at < 8) await store.update(task.ref, 1, { status: 'processing' })
    }
    await store.renew('alive', 60_000)
    await store.renew('gone', -1)
    const newest = [...tasks].reverse()
    const isProcessing = (task: StoredTask) => task.createdAt < 8 && task.owner === 'alive'
    const [processing, pending] = [newest.filter(isProcessing), newest.filter((task) => !isProcessing(task))]
    assert.deepEqual(await pagesOf(store, { status: 'processing' }), inPages(processing))
    assert.deepEqual(await pagesOf(store, { status: 'pending' }), inPages(pending))
    const named = pending.filter(({ name }) => name === 'f1')
    assert.deepEqual(await pagesOf(store, { status: 'pending', name: 'f1' }), inPages(named))
    await store.renew('gone', 60_000)
    assert.deepEqual(await pagesOf(store, { status: 'pending' }), inPages(newest.slice(0, 4)))
  })
}

const PAGE = 3

async function pagesOf(store: TaskStore, filter: Pick<ListFilter, 'status' | 'name'>): Promise<Ref[][]> {
  const pages: Ref[][] = []
  for (let after: StoredTask | undefined; ; ) {
    const page = await store.list({ scope: '', limit: PAGE, ...filter, ...(after ? { after } : {}) })
    if (page.length > 0) pages.push(page.map(({ ref }) => ref))
    after = page.at(-1)
    if (page.length < PAGE) return pages
  }
}

function inPages(tasks: readonly StoredTask[]): Ref[][] {
  const refs = tasks.map(({ ref }) => ref)
  return Array.from({ length: Math.ceil(refs.length / PAGE) }, (_, at) =>
    refs.slice(PAGE * at, PAGE * (at + 1)),
  )
}

function takeOverContract(test: StoreTest): void {
  test('of takeovers that race exactly one wins, and the old term may write nothing', async (store, {
    another,
  }) => {
    const stores = [store, (await another?.()) ?? store]
    const task = storedTask({ owner: 'old' })
    await store.start(task, joining())
    await store.renew('old', 60_000)
    assert.equal(await store.takeOver(task.ref, 1, 'new'), undefined)
    await store.release('old')
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) => stores[index % 2]?.takeOver(task.ref, 1, `new-${index}`)),
    )
    assert.equal(taken.filter(Boolean).length, 1)
    const { term, owner, status } = taken.find(Boolean) as StoredTask
    assert.deepEqual(
      { term, status, owner },
      { term: 2, status: 'pending', owner: `new-${taken.findIndex(Boolean)}` },
    )
    assert.equal(await store.settle(task.ref, 1, settlement()), false)
    assert.equal(await store.update(task.ref, 1, { priority: 5 }), false)
    assert.deepEqual(await store.revoked('old'), [task.ref])
    assert.equal(await store.settle(task.ref, 2, settlement()), true)
  })

  test('a task that was left is nobody’s, and has no interruption more when it is taken', async (store) => {
    const task = storedTask({ owner: 'a', place: '/a/raincheck.config.js', resume: false })
    await store.start(task, joining())
    await store.renew('a', 60_000)
    await store.update(task.ref, 1, { status: 'processing' })
    assert.deepEqual(await store.unheld(), [])
    assert.equal(await store.takeOver(task.ref, 1, 'b'), undefined)
    assert.equal(await store.leave(task.ref, 2), false)
    assert.equal(await store.leave(task.ref, 1), true)
    const [left] = await store.unheld()
    assert.deepEqual(left, { ...task, owner: '', held: false })
    assert.equal((await store.takeOver(task.ref, 1, 'b'))?.interruptions, 0)
    await store.renew('b', 60_000)
    assert.deepEqual(await store.unheld(), [])
    assert.equal(await store.leave(task.ref, 1), false)
  })

  test('a task whose lease ran out is nobody’s, and has one interruption more when it is taken', async (store) => {
    const task = storedTask({ owner: 'a' })
    await store.start(task, joining())
    await store.renew('a', -1)
    assert.deepEqual(
      (await store.unheld()).map(({ ref, held }) => ({ ref, held })),
      [{ ref: task.ref, held: false }],
    )
    assert.equal((await store.takeOver(task.ref, 1, 'b'))?.interruptions, 0, 'it had not started')
    await store.update(task.ref, 2, { status: 'processing' })
    assert.equal((await store.takeOver(task.ref, 2, 'c'))?.interruptions, 1)
    await store.settle(task.ref, 3, settlement())
    assert.deepEqual(await store.unheld(), [])
    assert.equal(await store.leave(task.ref, 3), false)
  })
}
