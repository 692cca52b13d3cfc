import assert from 'node:assert/strict'
import { isAsking } from '../core/words/questions.js'
import { type RecordStanding, type RecordVerb, recordTransitions } from '../core/words/record-transitions.js'
import type { StoredTask, TaskStore } from '../core/words/task-store.js'
import { joining, settlement, storedTask } from './stored-task.js'
import type { StoreTest } from './task-store-test.js'

const standings: readonly RecordStanding[] = ['absent', 'held', 'unheld', 'asking', 'settled']
const verbs = Object.keys(recordTransitions) as RecordVerb[]
const open = { colour: { request: 'Which?' } }
const answered = { colour: { request: 'Which?', answer: 'red' } }

/** Every verb on a record in every standing, by the table. @param isShared Whether a lease can run out. */
export function transitionContract(test: StoreTest, isShared: boolean): void {
  for (const verb of verbs)
    test(`${verb} changes a record as the table of transitions says`, async (store) => {
      for (const from of standings) {
        const record = await recordThat(store, from, isShared)
        const to = recordTransitions[verb][from]
        const what = `${verb} of a record that is ${from}`
        assert.equal(await apply(store, verb, record), to !== undefined, what)
        assert.equal(await standingOf(store, record), to ?? from, what)
      }
    })

  test('no verb that needs the term of a record takes another', async (store) => {
    for (const verb of verbs)
      for (const from of standings) {
        if (['start', 'answer', 'forget', 'remove'].includes(verb)) continue
        const record = await recordThat(store, from, isShared)
        const what = `${verb} with another term, of a record that is ${from}`
        assert.equal(await apply(store, verb, { ...record, term: record.term + 1 }), false, what)
        assert.equal(await standingOf(store, record), from, what)
      }
  })
}

/** A new record, brought into its standing by the verbs themselves. */
async function recordThat(
  store: TaskStore,
  standing: RecordStanding,
  isShared: boolean,
): Promise<StoredTask> {
  const record = storedTask()
  const { ref, term, owner, input } = record
  await store.renew(owner, 60_000)
  if (standing === 'absent') return record
  await store.start({ ...record }, joining())
  if (standing === 'unheld' && isShared) await store.release(owner)
  else if (standing === 'unheld') await store.leave(ref, term)
  if (standing === 'asking') await store.ask(ref, term, { questions: open, input })
  if (standing === 'settled') await store.settle(ref, term, settlement())
  return record
}

/** @returns Whether the store says that it changed something. */
async function apply(store: TaskStore, verb: RecordVerb, record: StoredTask): Promise<boolean> {
  const { ref, key, term, input } = record
  switch (verb) {
    case 'start':
      // One that is there already is answered like the first time: an answer may have been lost.
      return (await store.get(ref)) === undefined && (await store.start({ ...record }, joining())).ref === ref
    case 'update':
      return store.update(ref, term, { priority: 5 })
    case 'settle':
    case 'revoke':
    case 'interrupt':
      return store[verb](ref, term, settlement({ status: 'failed' }))
    case 'leave':
      return store.leave(ref, term)
    case 'ask':
      return store.ask(ref, term, { questions: open, input })
    case 'answer':
      return store.answer(ref, open, answered)
    case 'takeOver':
      await store.renew('another', 60_000)
      return (await store.takeOver(ref, term, 'another')) !== undefined
    case 'forget': {
      const isAnswered = (await store.standing(key, Date.now())) !== undefined
      await store.forget(key)
      return isAnswered && (await store.standing(key, Date.now())) === undefined
    }
    case 'remove':
      return store.remove(ref)
  }
}

async function standingOf(store: TaskStore, { ref }: StoredTask): Promise<RecordStanding> {
  const record = await store.get(ref)
  if (!record) return 'absent'
  if (record.settledAt !== undefined) return 'settled'
  if (record.held) return 'held'
  return isAsking(record.questions) ? 'asking' : 'unheld'
}
