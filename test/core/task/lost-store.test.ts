import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { RaincheckError } from '../../../src/core/words/errors.js'
import type { TaskStore } from '../../../src/core/words/task-store.js'
import type { Raincheck, TaskHandle } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

/** Rainchecks as of several processes on a store that a test can take away from under them. */
function world() {
  useFakeTime()
  let inner = slowable(memoryTaskStore())
  let isNoticed = true
  let underWay: Promise<void> | undefined
  const listeners: ((error: RaincheckError) => void)[] = []
  const notice = () => {
    if (isNoticed) return
    isNoticed = true
    for (const listener of listeners) listener(new RaincheckError('STORE_LOST', 'gone'))
  }
  const verbs = Object.keys(inner).filter((name) => !['shared', 'keepsValues'].includes(name))
  const operations = verbs.map((verb) => [
    verb,
    async (...args: unknown[]) => {
      notice()
      const result = await Reflect.apply(inner[verb as 'get'], inner, args)
      // As one whose answer has come before the loss was noticed.
      await underWay
      return result
    },
  ])
  const tasks: TaskStore = {
    ...Object.fromEntries(operations),
    shared: true,
    onLost: (listener) => void listeners.push(listener),
    look: async () => notice(),
  }
  const renew = vi.spyOn(tasks, 'renew')
  const errors: unknown[] = []
  const values$ = new Keyv()
  return {
    errors,
    renew,
    open: (place?: string): Raincheck => {
      const rain = rainWith({ tasks, values$, place })
      rain.on('store-error', ({ error }) => errors.push(error))
      return rain
    },
    /** Nobody notices it by that. */
    lose: () => {
      inner = slowable(memoryTaskStore())
      isNoticed = false
    },
    notice,
    /** Answers nothing until it is called back. */
    hold: () => {
      let letGo = () => {}
      underWay = new Promise((resolve) => {
        letGo = resolve
      })
      return () => {
        underWay = undefined
        letGo()
      }
    },
    recordOf: (ref: string) => inner.get(ref as never),
  }
}

const lost = [expect.objectContaining({ code: 'STORE_LOST' })]
const handedOff = { name: 'f', asyncTimeout: 100, ttl: '1h' } as const

describe('a store that is lost', () => {
  it('has the task again before its ref is given', async () => {
    const { open, lose, errors, recordOf } = world()
    const { work } = heldFunction()
    const answer = open().cached(handedOff)(work)(1)
    await pass(80)
    lose()
    await pass(30)
    const { ref, status } = await answer
    expect([status, (await recordOf(ref))?.status]).toEqual(['processing', 'processing'])
    expect(errors).toEqual(lost)
  })

  it('has the tasks of this process again half a second later, though nobody calls', async () => {
    const { open, lose, errors, recordOf } = world()
    const { work } = heldFunction()
    const call = open().cached(handedOff)(work)
    const answers = Promise.all([1, 2, 3].map((n) => call(n)))
    await pass(150)
    lose()
    await pass(510)
    for (const { ref } of await answers) expect((await recordOf(ref))?.status).toBe('processing')
    expect(errors).toEqual(lost)
  })

  it('has the value of a task that settles while it is lost, or is on its way then', async () => {
    const { open, lose, notice, hold, recordOf } = world()
    const { work, letGo } = heldFunction()
    const call = open().cached(handedOff)(work)
    const answers = Promise.all([call(1), call(2)])
    await pass(150)
    const [first, second] = await answers
    lose()
    letGo('one')
    await pass(10)
    const goOn = hold()
    letGo('two')
    await pass(10)
    lose()
    notice()
    goOn()
    await pass(10)
    expect((await recordOf(second?.ref as string))?.status).toBe('complete')
    expect(await open().poll(second?.ref as string)).toMatchObject({ value: 'two' })
    await expect(open().poll(first?.ref as string)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })

  it('has a task that was on its way into it', async () => {
    const { open, lose, notice, hold, recordOf } = world()
    const { work } = heldFunction()
    const call = open().cached({ ...handedOff, asyncTimeout: 0 })(work)
    const goOn = hold()
    const answer = call(1)
    await pass(10)
    lose()
    notice()
    goOn()
    await pass(10)
    expect((await recordOf((await answer).ref))?.status).toBe('pending')
  })

  it('whose key another task has by now, has both under their refs, and calls get that other', async () => {
    const { open, lose, errors } = world()
    const { work, letGo } = heldFunction()
    const [one, other] = [open(), open()]
    const { ref } = await Promise.all([one.cached(handedOff)(work)(1), pass(150)]).then(([answer]) => answer)
    lose()
    const second = other.cached({ ...handedOff, asyncTimeout: 0 })(async () => 'other')(1)
    await pass(510)
    const { ref: otherRef } = await second
    expect(otherRef).not.toBe(ref)
    letGo('one')
    await pass(10)
    expect(await other.poll(ref)).toMatchObject({ value: 'one' })
    expect(await one.poll(otherRef)).toMatchObject({ value: 'other' })
    expect(errors).toEqual([...lost, ...lost])
  })

  it('has what a task asks, though it was lost while that was stored', async () => {
    const { open, lose, notice, hold } = world()
    let begin = () => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const choose = open().cached(handedOff)(async (_: string, task: TaskHandle) => {
      await begun
      return task.ask('colour', 'Which?')
    })
    const answer = choose('x')
    await pass(150)
    const goOn = hold()
    begin()
    await pass(10)
    lose()
    notice()
    goOn()
    await pass(1_000)
    expect(await open().poll((await answer).ref)).toMatchObject({ requests: { colour: {} } })
  })

  it('has the tasks that a close leaves to others', async () => {
    const { open, lose, notice, hold, recordOf } = world()
    const rain = open('/raincheck.config.js')
    const { work } = heldFunction()
    const { ref } = await Promise.all([rain.cached(handedOff)(work)(1), pass(150)]).then(([answer]) => answer)
    const goOn = hold()
    const closed = rain.close({ drain: 0 })
    await pass(10)
    lose()
    notice()
    goOn()
    await pass(1_000)
    await closed
    expect(await recordOf(ref)).toMatchObject({ status: 'pending', owner: '' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is told once that this process lives, and after its last task no more', async () => {
    const { open, lose, renew } = world()
    const { work, letGo } = heldFunction()
    const rain = open()
    const answer = rain.cached(handedOff)(work)(1)
    await pass(150)
    lose()
    await pass(510)
    expect(renew).toHaveBeenCalledTimes(2)
    letGo('one')
    await answer
    await pass(60_000)
    expect(renew).toHaveBeenCalledTimes(2)
    await rain.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('answers no call from memory any more', async () => {
    const { open, lose, notice } = world()
    const work = vi.fn(async (n: number) => n)
    const call = open().cached(handedOff)(work)
    await call(1)
    lose()
    notice()
    await call(1)
    expect(work).toHaveBeenCalledTimes(2)
  })
})
