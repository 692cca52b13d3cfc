import { Keyv } from 'keyv'
import { expect, vi } from 'vitest'
import type { SharedBackend, SharedJobContext } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable } from '../../support/rain.js'

const shared = { asyncTimeout: 0, timeout: '1h' } as const

/** Rainchecks as of several processes on one task store that a test can break. */
function world() {
  const whole = { ...slowable(memoryTaskStore()), shared: true }
  const tasks = { ...whole }
  const fail = (...verbs: (keyof typeof whole)[]) => {
    for (const verb of verbs) Object.assign(tasks, { [verb]: () => Promise.reject(new Error('down')) })
  }
  const values$ = new Keyv()
  const open = (changes: object = {}) =>
    rainWith({ tasks, values$, place: '/raincheck.config.js', ...changes })
  return { tasks, whole, fail, mend: () => Object.assign(tasks, whole), open }
}

/** A shared backend whose one job the test drives. */
function driven() {
  let job: { context: SharedJobContext; reject(error: unknown): void } | undefined
  const backend: SharedBackend = {
    name: 'driven',
    place: 'queue driven',
    capabilities: { abort: 'requested', functions: 'any', perScope: false, rateLimit: false, shared: true },
    limit: () => {},
    register: () => {},
    unregister: () => {},
    freeKey: async () => {},
    run: (_, context) =>
      new Promise((_, reject) => {
        job = { context, reject }
        context.onAbort(reject)
      }),
    setPriority: () => {},
    stats: () => ({ waiting: 0, running: 0, abandoned: 0, paused: false }),
    pause: () => {},
    resume: () => {},
    drain: async () => {},
    close: async () => {},
  }
  return { backend, job: () => job as NonNullable<typeof job> }
}

/** How each transition comes about, through the public interface. */
export const stories: Record<string, () => Promise<void>> = {
  'a quick call, and one that fails twice': async () => {
    const rain = world().open()
    const work = vi.fn(async (n: number) => {
      if (n < 0) throw new Error('no')
    })
    const call = rain.cached({ name: 'f', asyncTimeout: '1m', retries: 1, retryDelay: 1 })(work)
    await call(1)
    const failing = call(-1).catch(() => {})
    await pass(10_000)
    await failing
  },
  'a store that takes the outcome later, and one that never does': async () => {
    const { open, fail, mend } = world()
    const rain = open()
    const call = rain.cached({ name: 'f', asyncTimeout: '1m' })(async (n: number) => n)
    fail('settle')
    await call(1)
    await pass(100)
    mend()
    await pass(1_000)
    fail('settle')
    await call(2)
    const closed = rain.close({ drain: 0 })
    await pass(10_000)
    await closed
  },
  'a store that is away for longer than a value is kept': async () => {
    const { open, fail, mend } = world()
    const call = open().cached({ name: 'f', asyncTimeout: '1m' })(async (n: number) => n)
    fail('settle')
    await call(1)
    await pass(3_700_000)
    mend()
    await pass(60_000)
  },
  'another task for the key, before this one starts and while it runs': async () => {
    const { open, fail, mend } = world()
    const [one, other] = [open(), open()]
    const [here, there] = [heldFunction<number>(), heldFunction<number>()]
    const callHere = one.cached({ name: 'f', ...shared })(here.work)
    const callThere = other.cached({ name: 'f', asyncTimeout: '1m' })(there.work)
    await callHere(1)
    const joined = callThere(1)
    await pass(1_000)
    here.letGo('one')
    await pass(1_000)
    expect(await joined).toMatchObject({ value: 'one' })
    // The store is away when it begins, and has another by the time it is back.
    fail('start')
    const second = callThere(2)
    await pass(0)
    mend()
    await callHere(2)
    await pass(1_000)
    there.letGo('its own')
    await pass(1_000)
    expect(await second).toMatchObject({ value: 'its own' })
  },
  'another task for the key of one that still waits for a slot': async () => {
    const { open, fail, mend } = world()
    const [one, other] = [open(), open()]
    const [here, there] = [heldFunction<number>(), heldFunction<number>()]
    const callHere = one.cached({ name: 'f', ...shared })(here.work)
    const callThere = other.cached({ name: 'f', asyncTimeout: '1m' })(there.work)
    other.queue.pause()
    fail('start')
    const joined = callThere(1)
    await pass(0)
    mend()
    await callHere(1)
    await pass(1_000)
    here.letGo('one')
    await pass(1_000)
    expect(await joined).toMatchObject({ value: 'one' })
  },
}

// What ends a task in each of its open phases.
for (const at of ['waiting', 'running', 'resting'] as const)
  for (const end of ['cancel', 'close', 'ask', 'take over', 'cancel elsewhere'] as const)
    stories[`${end} of a task that is ${at}`] = async () => {
      const { tasks, open } = world()
      const { backend, job } = driven()
      const rain = open({ backend, place: undefined })
      const { ref } = await rain.cached({ name: 'f', ...shared, retries: 2 })(async (n: number) => n)(1)
      const { context } = job()
      if (at === 'running') context.onStart()
      if (at === 'resting') context.onRetry(new Error('no'), Date.now())
      const waits = rain.poll(ref, { wait: '1m' }).catch((error: unknown) => error)
      if (end === 'cancel') await rain.cancel(ref)
      else if (end === 'close') void rain.close({ drain: 0 })
      else if (end === 'ask') context.task.ask('key', 'question').catch(() => {})
      else {
        // Another process: the owner learns of it by `revoked`.
        const other = open()
        other.cached({ name: 'f', ...shared })(async () => 'elsewhere')
        tasks.revoked = async () => [ref]
        if (end === 'take over') {
          await tasks.leave(ref, 1)
          expect(await other.recover()).toEqual([ref])
        } else await tasks.revoke(ref, 1, { ...settled, status: 'cancelled' })
      }
      await pass(30_000)
      const answer = await waits
      if (end === 'take over') expect(answer).toMatchObject({ status: 'complete', value: 'elsewhere' })
      if (end === 'cancel' || end === 'cancel elsewhere')
        expect(answer).toMatchObject({ status: 'cancelled' })
    }

const settled = {
  ...{ settledAt: 1, freshUntil: 0, expiresAt: 8e15, startedAt: undefined, progress: undefined },
  ...{ error: undefined, attempts: undefined, retryable: undefined, input: undefined },
}

for (const how of ['at once', 'later'] as const)
  stories[`a value that is refused ${how}, since another process has the task`] = async () => {
    const { tasks, fail, mend, open } = world()
    const rain = open()
    const { work, letGo } = heldFunction<number>()
    const answer = rain.cached({ name: 'f', asyncTimeout: '1m' })(work)(1)
    await pass(0)
    const { ref } = (await rain.list()).tasks[0] ?? { ref: '' }
    await tasks.leave(ref, 1)
    await tasks.takeOver(ref, 1, 'another')
    if (how === 'later') fail('settle')
    letGo('computed here')
    await pass(100)
    // A computed value is never lost, whoever has the task now.
    expect(await answer).toMatchObject({ status: 'complete', value: 'computed here' })
    mend()
    await pass(60_000)
    expect(await tasks.get(ref)).toMatchObject({ status: 'pending', term: 2, owner: 'another' })
  }

stories['a second attempt that a shared backend starts'] = async () => {
  const { backend, job } = driven()
  const rain = world().open({ backend, place: undefined })
  const { ref } = await rain.cached({ name: 'f', ...shared, retries: 1 })(async (n: number) => n)(1)
  const { context } = job()
  context.onRetry(new Error('no'), Date.now())
  context.onStart()
  expect(await rain.poll(ref)).toMatchObject({ status: 'processing' })
}
