import { expect } from 'vitest'
import type { Life } from '../../support/faulty-life.js'
import { heldFunction, pass } from '../../support/rain.js'

export interface Scenario {
  /** Needs task records that other processes see. */
  shared?: true
  live(life: Life): Promise<void>
}

/** A promise that is looked at later: that it rejects before is no unheard rejection. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

const longTtl = { name: 'f', ttl: '1d' } as const

export const scenarios: Record<string, Scenario> = {
  'a quick call, and its hit': {
    live: async (life) => {
      const call = life.rain.cached({ ...longTtl, asyncTimeout: '20s' })(async () => 'value')
      expect((await life.outcome(call())).value).toMatchObject({ status: 'complete', value: 'value' })
      expect((await life.outcome(call())).value).toMatchObject({ status: 'complete', value: 'value' })
    },
  },
  'a value that comes late in its window': {
    live: async (life) => {
      const { work, letGo } = heldFunction()
      const called = life.rain.cached({ name: 'f', asyncTimeout: '20s' })(work)(1)
      await pass(6_000)
      letGo('value')
      expect((await life.outcome(called)).value).toMatchObject({ status: 'complete', value: 'value' })
    },
  },
  'a handoff, and its value': {
    live: async (life) => {
      const { work, letGo, runs } = heldFunction()
      const call = life.rain.cached({ ...longTtl, asyncTimeout: '1s' })(work)
      const ref = life.owes(await life.outcome(call(1)), { status: 'complete', value: 'value' })
      const joined = call(1, { asyncTimeout: '20s' })
      letGo('value')
      expect((await life.outcome(joined)).value).toMatchObject({ status: 'complete', value: 'value', ref })
      const polled = await life.read(() => life.rain.poll(ref, { wait: '5s' }))
      expect(polled.value).toMatchObject({ status: 'complete', value: 'value' })
      expect(runs).toHaveLength(1)
    },
  },
  'a handoff at once, with progress': {
    live: async (life) => {
      const { work, letGo } = heldFunction()
      const call = life.rain.cached({ name: 'f', asyncTimeout: 0 })((input: number, task) => {
        task.progress({ current: 1, total: 2 })
        return work(input)
      })
      const ref = life.owes(await life.outcome(call(1)), { status: 'complete', value: 'value' })
      await pass(1_000)
      const polled = await life.read(() => life.rain.poll(ref))
      expect(polled.value).toMatchObject({ status: 'processing', progress: { percentage: 50 } })
      letGo('value')
      await pass(0)
    },
  },
  'a failure in the window': {
    live: async (life) => {
      const thrown = new Error('its own')
      const call = life.rain.cached({ name: 'f', asyncTimeout: '20s' })(() => Promise.reject(thrown))
      expect((await life.outcome(call())).error).toBe(thrown)
    },
  },
  'a failure after the handoff': {
    live: async (life) => {
      const { work, fail } = heldFunction()
      const call = life.rain.cached({ name: 'f', asyncTimeout: '1s' })(work)
      life.owes(await life.outcome(call(1)), { status: 'failed', error: { message: 'its own' } })
      fail(new Error('its own'))
      await pass(0)
    },
  },
  'a second attempt': {
    live: async (life) => {
      let runs = 0
      const options = { name: 'f', asyncTimeout: '30s', retries: 1, retryDelay: '1s' } as const
      const call = life.rain.cached(options)(async () => {
        if (++runs === 1) throw new Error('once')
        return 'value'
      })
      expect((await life.outcome(call())).value).toMatchObject({ status: 'complete', value: 'value' })
    },
  },
  'a timeout after the handoff': {
    live: async (life) => {
      const call = life.rain.cached({ name: 'f', asyncTimeout: '1s', timeout: '15s' })(heldFunction().work)
      life.owes(await life.outcome(call(1)), { status: 'failed', error: { code: 'TIMEOUT' } })
      await pass(15_000)
    },
  },
  'a cancel after the handoff, and the same call again': {
    live: async (life) => {
      const { work, letGo } = heldFunction()
      const call = life.rain.cached({ name: 'f', asyncTimeout: '1s' })(work)
      const ref = life.owes(await life.outcome(call(1)), { status: 'cancelled' })
      expect((await life.outcome(life.rain.cancel(ref))).value).toBe('requested')
      const again = life.owes(await life.outcome(call(1)), { status: 'complete', value: 'second' })
      expect(again).not.toBe(ref)
      letGo('first')
      letGo('second')
      await pass(0)
    },
  },
  'a retry of what failed': {
    live: async (life) => {
      const { work, fail, letGo } = heldFunction()
      const call = life.rain.cached({ name: 'f', asyncTimeout: '1s' })(work)
      const ref = life.owes(await life.outcome(call(1)), { status: 'failed' })
      fail(new Error('its own'))
      await pass(0)
      const retried = await life.read(() => life.rain.retry(ref))
      const again = life.owes(retried, { status: 'complete', value: 'value' })
      expect(again).not.toBe(ref)
      letGo('value')
      await pass(0)
    },
  },
  'a hit of what another process computed': {
    shared: true,
    live: async (life) => {
      const elsewhere = life.another().cached({ ...longTtl, asyncTimeout: '20s' })(async () => 'value')
      expect((await life.outcome(elsewhere())).value).toMatchObject({ value: 'value' })
      const call = life.rain.cached({ ...longTtl, asyncTimeout: '20s' })(async () => 'value')
      expect((await life.outcome(call())).value).toMatchObject({ status: 'complete', value: 'value' })
    },
  },
  'a poll of what another process runs': {
    shared: true,
    live: async (life) => {
      const { work, letGo } = heldFunction()
      const elsewhere = life.another().cached({ name: 'f', asyncTimeout: 0 })(work)
      const ref = life.owes(await life.outcome(elsewhere(1)), { status: 'complete', value: 'value' })
      const first = heard(life.rain.poll(ref, { wait: '20s' }))
      await pass(1_000)
      letGo('value')
      const polled = await life.read(
        () => first,
        () => life.rain.poll(ref),
      )
      expect(polled.value).toMatchObject({ status: 'complete', value: 'value' })
    },
  },
  'a call of what another process runs': {
    shared: true,
    live: async (life) => {
      const { work, letGo } = heldFunction()
      const elsewhere = life.another().cached({ name: 'f', asyncTimeout: '20s' })(work)
      const call = life.rain.cached({ name: 'f', asyncTimeout: '20s' })(work)
      const first = heard(elsewhere(1))
      await pass(6_000)
      const second = heard(call(1))
      await pass(6_000)
      // One run, or two where the store was away.
      letGo('value')
      letGo('value')
      for (const called of [first, second])
        expect((await life.outcome(called)).value).toMatchObject({ status: 'complete', value: 'value' })
    },
  },
  'a cancel of what another process runs': {
    shared: true,
    live: async (life) => {
      const elsewhere = life.another().cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)
      const ref = life.owes(await life.outcome(elsewhere(1)), { status: 'cancelled' })
      await pass(1_000)
      const cancelled = await life.read(() => life.rain.cancel(ref))
      // Where its start could not be written it looks as if it waited.
      expect(['requested', 'cancelled', 'already-settled']).toContain(cancelled.value)
      await pass(1_000)
    },
  },
  'an old value that stands in for a slow one': {
    live: async (life) => {
      const { work, letGo } = heldFunction()
      const options = { name: 'f', asyncTimeout: '1s', ttl: '30s', grace: '1d' } as const
      const call = life.rain.cached(options)(work)
      const first = call(1, { asyncTimeout: '30s' })
      await pass(6_000)
      letGo('old')
      expect((await life.outcome(first)).value).toMatchObject({ value: 'old' })
      await life.recover()
      const second = await life.outcome(call(1))
      life.owes(second, { status: 'complete', value: 'new' })
      // Without the old value, where that cannot be read, the ref alone.
      if (second.value?.status === 'complete')
        expect(second.value).toMatchObject({ value: 'old', stale: true })
      letGo('new')
      await pass(0)
    },
  },
  'an old value that stands in for an error': {
    live: async (life) => {
      let runs = 0
      const call = life.rain.cached({ name: 'f', asyncTimeout: '20s', ttl: '30s', grace: '1d' })(async () => {
        if (++runs > 1) throw new Error('its own')
        return 'old'
      })
      expect((await life.outcome(call())).value).toMatchObject({ value: 'old' })
      await life.recover()
      const { value, error } = await life.outcome(call())
      if (error) expect(error.message).toBe('its own')
      else expect(value).toMatchObject({ value: 'old', stale: true })
    },
  },
  'a forget': {
    live: async (life) => {
      const { work, letGo } = heldFunction()
      const call = life.rain.cached({ ...longTtl, asyncTimeout: '1s' })(work)
      const ref = life.owes(await life.outcome(call(1)), { status: 'complete' })
      letGo('value')
      await pass(0)
      const forgotten = await life.read(() => life.rain.forget(ref))
      // One whose answer was lost is done all the same; then there is nothing left to forget.
      if (forgotten.error) expect(forgotten.error.code).toBe('REF_NOT_FOUND')
      life.forgets(ref)
      expect((await life.read(() => life.rain.poll(ref))).error?.code).toBe('REF_NOT_FOUND')
    },
  },
  'a forget of an input whose value is stored': {
    live: async (life) => {
      let runs = 0
      const call = life.rain.cached({ ...longTtl, asyncTimeout: '20s' })(async () => ++runs)
      expect((await life.outcome(call())).value).toMatchObject({ value: 1 })
      await life.recover()
      expect((await life.read(() => call.forget())).error).toBeUndefined()
      expect(await life.read(() => call.peek())).toEqual({ value: undefined })
      expect((await life.outcome(call())).value).toMatchObject({ value: 2 })
    },
  },
  'a forget of an input whose task is live': {
    live: async (life) => {
      const { work, letGo } = heldFunction()
      const call = life.rain.cached({ ...longTtl, asyncTimeout: '1s' })(work)
      const ref = life.owes(await life.outcome(call(1)), { status: 'complete', value: 'old' })
      expect((await life.read(() => call.forget(1))).error).toBeUndefined()
      const next = life.owes(await life.outcome(call(1)), { status: 'complete', value: 'new' })
      expect(next).not.toBe(ref)
      letGo('old')
      await pass(0)
      letGo('new')
      await pass(0)
      await life.recover()
      expect((await life.read(() => call.peek(1))).value).toMatchObject({ value: 'new' })
    },
  },
  'a list': {
    live: async (life) => {
      const { work, letGo } = heldFunction<number>()
      const call = life.rain.cached({ name: 'f', asyncTimeout: '1s' })(work)
      const ended = life.owes(await life.outcome(call(1)), { status: 'complete' })
      letGo('value')
      const live = life.owes(await life.outcome(call(2)), { status: 'processing' })
      await life.recover()
      const { tasks = [] } = (await life.read(() => life.rain.list())).value ?? {}
      expect(tasks.map(({ ref, status }) => [ref, status])).toEqual([
        [live, 'processing'],
        [ended, 'complete'],
      ])
    },
  },
  'a prune': {
    live: async (life) => {
      const call = life.rain.cached({ name: 'f', asyncTimeout: '20s' })(async () => 'value')
      expect((await life.outcome(call())).value).toMatchObject({ value: 'value' })
      await life.recover()
      const pruned = await life.read(() => life.rain.prune({ olderThan: 0 }))
      expect(pruned.error).toBeUndefined()
      expect((await life.read(() => life.rain.list())).value).toEqual({ tasks: [] })
    },
  },
}
