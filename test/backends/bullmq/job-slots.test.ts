import { expect, it } from 'vitest'
import { JobSlots } from '../../../src/backends/bullmq/job-slots.js'
import type { Ref } from '../../../src/index.js'

const task = (name: string) => ({ ref: `rc_${name}` as Ref, name })

function slotsOfWorker(concurrency: number) {
  const slots = new JobSlots(concurrency)
  const worker = { concurrency, pause: async () => {}, resume: () => {} }
  slots.worker = worker
  return { slots, worker }
}

it('the worker may take another job while one lends its slot, and no more once that goes on', () => {
  const { slots, worker } = slotsOfWorker(1)
  const outer = slots.take(task('outer'))
  const close = outer.open(task('inner'))
  outer.lend()
  expect(worker.concurrency).toBe(2)
  const inner = slots.take(task('inner'))
  const answers: string[] = []
  close(() => answers.push('outer goes on'))
  expect(answers).toEqual([])
  inner.end()
  expect(answers).toEqual(['outer goes on'])
  expect(worker.concurrency).toBe(1)
})

it.each(['while it lends its slot', 'while it waits to have it back'])(
  'a job that ends %s leaves the worker as many as before',
  (when) => {
    const { slots, worker } = slotsOfWorker(2)
    const outer = slots.take(task('outer'))
    const close = outer.open(task('inner'))
    outer.lend()
    const others = [slots.take(task('inner')), slots.take(task('other'))]
    expect(worker.concurrency).toBe(3)
    const answers: string[] = []
    if (when.includes('back')) close(() => answers.push('its answer'))
    outer.end()
    expect(worker.concurrency).toBe(2)
    expect(answers).toEqual(when.includes('back') ? ['its answer'] : [])
    for (const slot of others) slot.end()
    expect(worker.concurrency).toBe(2)
  },
)
