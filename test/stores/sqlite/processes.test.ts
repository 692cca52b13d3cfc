import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRaincheck, type Ref } from '../../../src/index.js'
import { sqliteFile } from '../../../src/stores/sqlite/file.js'
import { sqliteTaskStore } from '../../../src/stores/sqlite/sqlite.js'
import { storedTask } from '../../../src/testing/stored-task.js'
import { type Child, startFixture } from '../../support/child.js'
import { endLeases } from '../../support/leases.js'
import { times } from '../../support/long.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function squares(path: string, asyncTimeout: string): Promise<Child> {
  const child = startFixture('slow-square.mjs', path, asyncTimeout)
  await child.next('ready')
  return child
}

const WRITERS = 8

const TASKS = times(500, 100)

describe('four processes on one SQLite file', () => {
  it.each(['start', 'settle', 'cancel', 'takeOver'])(
    'that race to %s the same 50 tasks win each exactly once',
    async (kind) => {
      const path = join(await temporaryFolder(), 'a.db')
      const file = sqliteFile(path)
      const store = sqliteTaskStore(file)
      const tasks = Array.from({ length: 50 }, () => storedTask({ owner: 'gone' }))
      if (kind !== 'start')
        for (const task of tasks) await store.start(task, { now: Date.now(), refresh: false })
      const racers = Array.from({ length: 4 }, () => startFixture('racer.mjs', path))
      await Promise.all(racers.map((racer) => racer.next('ready')))
      const races = tasks.map(({ key, ref }) => [kind, kind === 'start' ? key : ref])
      for (const racer of racers) racer.send({ races })
      const won = await Promise.all(racers.map((racer) => racer.next<boolean[]>('won')))
      expect(tasks.map((_, index) => won.filter((wins) => wins[index]).length)).toEqual(Array(50).fill(1))
      await file.close()
    },
  )

  it('that settle and cancel the same 50 tasks at once settle each exactly once', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const file = sqliteFile(path)
    const store = sqliteTaskStore(file)
    const tasks = Array.from({ length: 50 }, () => storedTask({ owner: 'other' }))
    for (const task of tasks) await store.start(task, { now: Date.now(), refresh: false })
    const racers = ['settle', 'cancel', 'settle', 'cancel'].map((kind) => ({
      kind,
      child: startFixture('racer.mjs', path),
    }))
    await Promise.all(racers.map(({ child }) => child.next('ready')))
    for (const { child, kind } of racers) child.send({ races: tasks.map(({ ref }) => [kind, ref]) })
    const won = await Promise.all(racers.map(({ child }) => child.next<boolean[]>('won')))
    for (const [index, { ref }] of tasks.entries()) {
      const winners = racers.filter((_, racer) => won[racer]?.[index])
      expect(winners).toHaveLength(1)
      expect((await store.get(ref))?.status).toBe(winners[0]?.kind === 'settle' ? 'complete' : 'cancelled')
    }
    await file.close()
  })
})

describe('a task of another process', () => {
  it('is redeemed by its ref, with the types of its value', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const child = await squares(path, '0ms')
    child.send({ call: 12 })
    const { ref } = await child.next<{ ref: string }>('answer')
    const rain = createRaincheck({ store: `sqlite:${path}` })
    expect((await rain.poll(ref)).status).toMatch(/pending|processing/)
    const polled = rain.poll(ref, { wait: '20s' })
    child.send({ go: true })
    expect(await polled).toMatchObject({ status: 'complete', value: { n: 144n, at: new Date(0) } })
    child.send({ end: true })
    expect(await child.exited).toBe(0)
    await rain.close()
  })

  it('runs once for equal calls of both, and each caller has its own clock', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const [patient, impatient] = [await squares(path, '1h'), await squares(path, '50ms')]
    patient.send({ call: 7 })
    await patient.next('running')
    impatient.send({ call: 7 })
    const handedOff = await impatient.next<{ ref: string; status: string }>('answer')
    expect(handedOff.status).toMatch(/pending|processing/)
    patient.send({ go: true })
    const answer = await patient.next<{ ref: string; value: string }>('answer')
    expect(answer).toMatchObject({ ref: handedOff.ref, status: 'complete', value: '49' })
    impatient.send({ call: 7 })
    expect(await impatient.next('answer')).toMatchObject({
      ref: handedOff.ref,
      status: 'complete',
      value: '49',
    })
    for (const child of [patient, impatient]) child.send({ end: true })
  })

  it('is cancelled from here, and there its signal is aborted', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const child = await squares(path, '1h')
    child.send({ call: 3 })
    await child.next('running')
    const rain = createRaincheck({ store: `sqlite:${path}` })
    const { tasks } = await rain.list()
    const ref = tasks[0]?.ref as string
    expect(await rain.cancel(ref)).toMatch(/cancelled|requested/)
    expect(await child.next('aborted')).toBe('CANCELLED')
    expect(await child.next('error')).toMatchObject({ code: 'CANCELLED' })
    child.send({ go: true, end: true })
    await child.exited
    expect((await rain.poll(ref)).status).toBe('cancelled')
    await rain.close()
  })

  it('that was killed is failed as interrupted once its lease is out, and its key is free', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const child = await squares(path, '0ms')
    child.send({ call: 5 })
    const { ref } = await child.next<{ ref: string }>('answer')
    await child.next('running')
    child.process.kill('SIGKILL')
    await child.exited
    const rain = createRaincheck({ store: `sqlite:${path}`, app: 'squares' })
    expect((await rain.poll(ref)).status).toMatch(/pending|processing/)
    await endLeases(path)
    expect(await rain.poll(ref)).toMatchObject({
      status: 'failed',
      retryable: true,
      error: { code: 'INTERRUPTED' },
    })
    const square = rain.cached({ name: 'square', asyncTimeout: '10s' })(async (n: number) => n * n)
    expect(await square(5)).toMatchObject({ status: 'complete', value: 25 })
    await rain.close()
  })
})

describe('a program', () => {
  it('with nothing to do exits by itself, without a close', async () => {
    const child = startFixture('no-close.mjs', join(await temporaryFolder(), 'a.db'))
    expect(await child.next('answers')).toEqual(['complete', 'complete'])
    expect(await child.exited).toBe(0)
  })
})

it(`${WRITERS} processes that write one SQLite store at once lose no write`, {
  timeout: 120_000,
}, async () => {
  const path = join(await temporaryFolder(), 'a.db')
  const writers = Array.from({ length: WRITERS }, (_, id) =>
    startFixture('writer.mjs', path, String(id), String(TASKS)),
  )
  await Promise.all(writers.map((writer) => writer.next('ready')))
  for (const writer of writers) writer.send({ write: true })
  const written = await Promise.all(
    writers.map((writer) => writer.next<{ refs: Ref<string>[]; errors: string[] }>('written')),
  )
  expect(written.flatMap(({ errors }) => errors)).toEqual([])
  const rain = createRaincheck({ store: `sqlite:${path}` })
  for (const [id, { refs }] of written.entries()) {
    const answers = await Promise.all(refs.map((ref) => rain.poll(ref)))
    expect(answers.map((answer) => (answer.status === 'complete' ? answer.value : answer.status))).toEqual(
      Array.from({ length: TASKS }, (_, n) => `${id}-${n}`),
    )
  }
  await rain.close()
})
