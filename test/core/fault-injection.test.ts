import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Answer, Raincheck } from '../../src/index.js'
import { type Fault, faultyStores, kinds } from '../support/faulty-stores.js'
import { heldFunction, pass, rainWith } from '../support/rain.js'

/** Longer than all deadlines and waits that follow one fault: 30 s for a record, 5 s for each call of a store. */
const LONG_ENOUGH = 120_000

type Outcome = { answer: Answer<unknown> } | { error: { code?: string; message: string } } | { hangs: true }

/** Lets time pass until the promise has settled. */
async function outcomeOf(promise: Promise<unknown>): Promise<Outcome> {
  let outcome: Outcome = { hangs: true }
  promise.then(
    (answer) => {
      outcome = { answer: answer as Answer<unknown> }
    },
    (error) => {
      outcome = { error }
    },
  )
  for (let waited = 0; 'hangs' in outcome && waited < LONG_ENOUGH; waited += 1_000) await pass(1_000)
  return outcome
}

/** A ref that was given out can be redeemed, once the store is well again. */
async function expectRedeemable(rain: Raincheck, ref: string, expected: object): Promise<void> {
  await pass(LONG_ENOUGH)
  expect(await pollOutcome(rain, ref)).toMatchObject({ answer: expected })
}

/** A poll may meet the fault itself; then it says so, and the next one is answered. */
async function pollOutcome(rain: Raincheck, ref: string): Promise<Outcome> {
  const outcome = await outcomeOf(rain.poll(ref))
  if (!('error' in outcome) || outcome.error.code !== 'STORE_UNAVAILABLE') return outcome
  await pass(LONG_ENOUGH)
  return outcomeOf(rain.poll(ref))
}

const scenarios: Record<string, (rain: Raincheck) => Promise<void>> = {
  'a quick call': async (rain) => {
    const call = rain.cached({ name: 'f', asyncTimeout: '1m', ttl: '1h' })(async () => 'value')
    const outcome = await outcomeOf(call())
    expect(outcome).toMatchObject({ answer: { status: 'complete', value: 'value' } })
    if ('answer' in outcome)
      await expectRedeemable(rain, outcome.answer.ref, { status: 'complete', value: 'value' })
    expect(await outcomeOf(call())).toMatchObject({ answer: { value: 'value' } })
  },
  'a call that fails': async (rain) => {
    const call = rain.cached({ name: 'f', asyncTimeout: '1m' })(() => Promise.reject(new Error('its own')))
    expect(await outcomeOf(call())).toMatchObject({ error: { message: 'its own' } })
  },
  'a handoff, and its end': async (rain) => {
    const { work, letGo } = heldFunction()
    const outcome = await outcomeOf(rain.cached({ name: 'f', asyncTimeout: '1s' })(work)(1))
    letGo('value')
    if ('answer' in outcome)
      await expectRedeemable(rain, outcome.answer.ref, { status: 'complete', value: 'value' })
    else expect(outcome).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } })
  },
  'a cancel after a handoff': async (rain) => {
    const outcome = await outcomeOf(rain.cached({ name: 'f', asyncTimeout: '1s' })(heldFunction().work)(1))
    if (!('answer' in outcome)) return expect(outcome).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } })
    const { ref } = outcome.answer
    expect(await outcomeOf(rain.cancel(ref))).toEqual({ answer: 'requested' })
    await expectRedeemable(rain, ref, { status: 'cancelled' })
  },
  'a retry': async (rain) => {
    let runs = 0
    const call = rain.cached({ name: 'f', asyncTimeout: '1m' })(async () => {
      if (++runs === 1) throw new Error('once')
      return 'value'
    })
    await outcomeOf(call())
    await pass(LONG_ENOUGH)
    const listed = await outcomeOf(rain.list({ status: 'failed' }))
    if (!('answer' in listed)) return expect(listed).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } })
    const ref = (listed.answer as unknown as { tasks: { ref: string }[] }).tasks[0]?.ref as string
    const retried = await outcomeOf(rain.retry(ref))
    if ('answer' in retried) expect(retried).toMatchObject({ answer: { status: 'complete', value: 'value' } })
    else expect(retried).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } })
  },
  'an old value that stands in': async (rain) => {
    const { work, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m', grace: '1d' })(work)
    const first = outcomeOf(call(1))
    await pass(10)
    letGo('old')
    await first
    await pass(LONG_ENOUGH)
    const outcome = await outcomeOf(call(1))
    letGo('new')
    // The old value, the ref of the new one, or the new one itself where the caller had to wait for the store.
    if (!('answer' in outcome)) return expect(outcome).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } })
    expect(['old', 'new', undefined]).toContain('value' in outcome.answer ? outcome.answer.value : undefined)
  },
  'a forget': async (rain) => {
    const call = rain.cached({ name: 'f', asyncTimeout: '1m' })(async () => 'value')
    const outcome = await outcomeOf(call())
    expect(outcome).toMatchObject({ answer: { value: 'value' } })
    if (!('answer' in outcome)) return
    await pass(LONG_ENOUGH)
    const { ref } = outcome.answer
    const forgotten = await outcomeOf(rain.forget(ref))
    if ('error' in forgotten) expect(forgotten.error.code).toBe('STORE_UNAVAILABLE')
    else expect(await pollOutcome(rain, ref)).toMatchObject({ error: { code: 'REF_NOT_FOUND' } })
  },
}

async function live(scenario: (rain: Raincheck) => Promise<void>, fault?: Fault): Promise<string[]> {
  vi.useFakeTimers()
  const { tasks, values, calls } = faultyStores(fault)
  const rain = rainWith({ tasks, values$: values })
  await scenario(rain)
  expect(await outcomeOf(rain.close({ drain: '1s' })), 'close ends').not.toHaveProperty('hangs')
  await pass(LONG_ENOUGH)
  expect(vi.getTimerCount(), 'no timer is left').toBe(0)
  return calls
}

describe.each(Object.entries(scenarios))('R18: %s', (_, scenario) => {
  it('survives each kind of fault at each call of the stores', async () => {
    onTestFinished(() => void vi.useRealTimers())
    const calls = await live(scenario)
    expect(calls.length).toBeGreaterThan(1)
    for (const [at, name] of calls.entries())
      for (const kind of kinds) {
        if (kind === 'answers false' && name !== 'values.set') continue
        try {
          await live(scenario, { at, kind })
        } catch (error) {
          throw new Error(`when call ${at} (${name}) ${kind}: ${(error as Error).message}`, { cause: error })
        }
      }
  })
})
