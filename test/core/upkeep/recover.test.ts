import { describe, expect, it } from 'vitest'
import type { Raincheck, TaskHandle } from '../../../src/index.js'
import { held, processes } from '../../support/on-one-file.js'

const config = '/home/me/raincheck.config.js'

describe('a close', () => {
  it('leaves what runs to others, and gives those who wait the ref', async () => {
    const open = await processes()
    const [one, other] = [open(config), open(config)]
    const first = held(one)
    const waiting = first.call(1, { asyncTimeout: '1h' })
    await one.poll((await first.call(1)).ref)
    await one.close({ drain: 0 })
    const { ref, status } = await waiting
    expect(status).toBe('pending')
    const second = held(other)
    expect(await other.poll(ref)).toMatchObject({ status: 'processing' })
    second.letGo('again')
    expect(await other.poll(ref, { wait: '1m' })).toMatchObject({ status: 'complete', value: 'again' })
    expect(second.runs).toEqual([1])
  })

  it('leaves what waits at once, while it waits for what runs', async () => {
    const open = await processes()
    const [one, other] = [open(config), open(config)]
    const first = held(one)
    const refs = await Promise.all([1, 2, 3].map(async (n) => (await first.call(n)).ref))
    expect(first.runs).toEqual([1, 2])
    const closing = one.close({ drain: '1h' })
    const second = held(other)
    await expect.poll(() => other.recover()).toEqual([refs[2]])
    expect(second.runs).toEqual([3])
    first.letGo('one')
    first.letGo('two')
    second.letGo('three')
    await closing
    const answers = await Promise.all(refs.map((ref) => other.poll(ref, { wait: '1m' })))
    expect(answers).toMatchObject(['one', 'two', 'three'].map((value) => ({ value })))
  })

  it('settles as interrupted what no other process could run', async () => {
    const open = await processes()
    const [plain, reader] = [open(), open()]
    const { ref } = await held(plain).call(1)
    const resumeless = open(config)
    const { ref: other } = await held(resumeless, { name: 'g', resume: false }).call(1)
    await Promise.all([plain.close({ drain: 0 }), resumeless.close({ drain: 0 })])
    for (const ended of [ref, other])
      expect(await reader.poll(ended)).toMatchObject({ status: 'failed', error: { code: 'INTERRUPTED' } })
  })
})

describe('a process whose lease has run out', () => {
  it('loses its tasks to one that knows the function, and writes nothing over what that does', async () => {
    const open = await processes()
    const [stopped, successor, reader] = [open(config), open(config), open()]
    const old = held(stopped)
    const { ref } = await old.call(1)
    const fresh = held(successor)
    expect(await successor.recover({ endedOwner: stopped.owner })).toEqual([ref])
    await expect.poll(() => fresh.runs).toEqual([1])
    old.letGo('old')
    fresh.letGo('new')
    expect(await successor.poll(ref, { wait: '1m' })).toMatchObject({ status: 'complete', value: 'new' })
    await stopped.close()
    expect(await reader.poll(ref)).toMatchObject({ status: 'complete', value: 'new' })
  })

  it('loses them to a call for the same key, which joins', async () => {
    const open = await processes()
    const [gone, here, lookout] = [open(config), open(config), open()]
    const { ref } = await held(gone).call(1)
    const fresh = held(here)
    await end(gone, lookout)
    const answer = await fresh.call(1)
    expect(answer).toMatchObject({ ref })
    fresh.letGo('value')
    expect(await here.poll(ref, { wait: '1m' })).toMatchObject({ value: 'value' })
  })

  it('is told as interrupted where nobody knows the function, and is not settled', async () => {
    const open = await processes()
    const [gone, reader] = [open(config), open()]
    const { ref } = await held(gone).call(1)
    await end(gone, reader)
    expect(await reader.poll(ref)).toMatchObject({ status: 'pending', interrupted: true })
    expect((await reader.list()).tasks).toMatchObject([{ ref, status: 'pending', interrupted: true }])
    expect(await reader.cancel(ref)).toBe('cancelled')
    expect(await reader.poll(ref)).toMatchObject({ status: 'cancelled' })
  })

  it('has its tasks settled where neither it nor its config file is known', async () => {
    const open = await processes()
    const [gone, reader] = [open(), open()]
    const { ref } = await held(gone).call(1)
    await end(gone, reader)
    expect(await reader.poll(ref)).toMatchObject({ status: 'failed', error: { code: 'INTERRUPTED' } })
  })
})

describe('a task', () => {
  it('fails once it was interrupted five times', async () => {
    const open = await processes()
    const [first, watcher] = [open(config), open()]
    const { ref } = await held(first).call(1)
    let last = first
    await expect.poll(async () => (await watcher.poll(ref)).status).toBe('processing')
    for (let run = 1; run < 5; run++) {
      const next = open(config)
      const { runs } = held(next)
      expect(await next.recover({ endedOwner: last.owner })).toEqual([ref])
      await expect.poll(() => runs).toEqual([1])
      await expect.poll(async () => (await watcher.poll(ref)).status).toBe('processing')
      last = next
    }
    const reader = open(config)
    held(reader)
    expect(await reader.recover({ endedOwner: last.owner })).toEqual([])
    expect(await reader.poll(ref)).toMatchObject({ status: 'failed', error: { code: 'INTERRUPTED' } })
  })

  it('keeps its own clock for each run: the time that nobody ran it does not count', async () => {
    const open = await processes()
    const [gone, here] = [open(config), open(config)]
    const { ref } = await held(gone, { timeout: '1h' }).call(1)
    const fresh = held(here, { timeout: '200ms' })
    expect(await here.recover({ endedOwner: gone.owner })).toEqual([ref])
    expect(await here.poll(ref, { wait: '1m' })).toMatchObject({ error: { code: 'TIMEOUT' } })
    expect(fresh.runs).toEqual([1])
  })
})

describe('of processes that look for tasks nobody runs', () => {
  it('exactly one takes each over', async () => {
    const open = await processes()
    const giver = open(config)
    giver.queue.pause()
    const { call } = held(giver)
    const refs = await Promise.all(Array.from({ length: 10 }, async (_, n) => (await call(n)).ref))
    await giver.close()
    const others = [open(config), open(config), open(config)]
    for (const other of others) held(other)
    const taken = await Promise.all(others.map((other) => other.recover()))
    expect(taken.flat().sort()).toEqual([...refs].sort())
  })

  it('one that is closed meanwhile takes none', async () => {
    const open = await processes()
    const giver = open(config)
    giver.queue.pause()
    await held(giver).call(1)
    await giver.close()
    const other = open(config)
    held(other)
    const [taken] = await Promise.all([other.recover(), other.close()])
    expect(taken).toEqual([])
  })

  it('the one that had it is told by its signal, and what it comes to is nobody’s', async () => {
    const open = await processes()
    const [old, successor] = [open(config), open(config)]
    const signals: AbortSignal[] = []
    const { ref } = await old.cached({ name: 'f', asyncTimeout: 0 })((_: number, task: TaskHandle) => {
      signals.push(task.signal)
      return new Promise(() => {})
    })(1)
    await expect.poll(() => signals.length).toBe(1)
    held(successor)
    expect(await successor.recover({ endedOwner: old.owner })).toEqual([ref])
    await expect.poll(() => signals[0]?.reason, { timeout: 5_000 }).toMatchObject({ code: 'INTERRUPTED' })
    expect((await successor.poll(ref)).status).toBe('processing')
  })

  it('who waits for the bare value is told where it goes on', async () => {
    const open = await processes()
    const one = open(config)
    const { call } = held(one)
    const waiting = expect(call.value(1)).rejects.toMatchObject({
      code: 'CLOSED',
      message: expect.stringMatching(/^f goes on in another process, .*; poll rc_\w{22} there$/),
    })
    await one.poll((await call(1)).ref)
    await one.close({ drain: 0 })
    await waiting
  })
})

/** As if its process had ended: nobody takes its tasks over by that. */
async function end(gone: Raincheck, by: Raincheck): Promise<void> {
  await by.recover({ endedOwner: gone.owner })
}
