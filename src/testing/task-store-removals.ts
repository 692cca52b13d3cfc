import assert from 'node:assert/strict'
import { settlement, storedTask } from './stored-task.js'
import type { StoreTest } from './task-store-test.js'

/** What `sweep` of every task store holds to. */
export function removeContract(test: StoreTest): void {
  const now = () => ({ now: Date.now(), refresh: false })

  test('sweep removes what has expired, never what is live', async (store) => {
    const [live, kept, expired] = [storedTask({ expiresAt: 0 }), storedTask(), storedTask()]
    for (const task of [live, kept, expired]) await store.start(task, now())
    await store.settle(kept.ref, 1, settlement({ expiresAt: 1_000, settledAt: 500 }))
    await store.settle(expired.ref, 1, settlement({ expiresAt: 999, settledAt: 400 }))
    const swept = await store.sweep({ now: 999, maxEntries: 100 })
    assert.deepEqual(swept, [{ ref: expired.ref, term: 1 }])
    assert.equal((await store.sweep({ now: 999, maxEntries: 100, settledBefore: 501 }))[0]?.ref, kept.ref)
    assert.equal((await store.get(live.ref))?.ref, live.ref)
  })
}
