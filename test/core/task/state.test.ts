import { describe, expect, it, vi } from 'vitest'
import { LiveTask, type TaskOrigin } from '../../../src/core/task/live-task.js'
import {
  canAnswer,
  isEnded,
  isLeft,
  isOpen,
  isReleased,
  type Phase,
  recordTransitions,
  statusIn,
  type TaskEvent,
  transitions,
} from '../../../src/core/task/state.js'
import { stories } from './stories.js'

const phases = Object.keys(transitions) as Phase[]
const events = [...new Set(phases.flatMap((phase) => Object.keys(transitions[phase])))] as TaskEvent[]

/** The events that lead to each phase from the start of a task. */
function pathsTo(start: Phase): Map<Phase, TaskEvent[]> {
  const paths = new Map<Phase, TaskEvent[]>([[start, []]])
  for (const [phase, path] of paths)
    for (const [event, next] of Object.entries(transitions[phase]) as [TaskEvent, Phase][])
      if (!paths.has(next)) paths.set(next, [...path, event])
  return paths
}

function newTask(): LiveTask {
  return new LiveTask({ spec: { name: 'f' }, title: 'f', scope: '' } as unknown as TaskOrigin)
}

describe('the table of phases', () => {
  const paths = pathsTo('starting')

  it('leads to every phase from the start', () => {
    expect([...paths.keys()].sort()).toEqual([...phases].sort())
  })

  it.each(phases)('in %s only its own events change a task', (phase) => {
    for (const event of events) {
      const task = newTask()
      for (const step of paths.get(phase) ?? []) expect(task.to(step)).toBe(true)
      expect(task.phase).toBe(phase)
      const next = transitions[phase][event]
      expect(task.to(event), event).toBe(next !== undefined)
      expect(task.phase, event).toBe(next ?? phase)
    }
  })

  it('keeps the first end: nothing leads from an outcome back to work', () => {
    for (const phase of ['settling', 'unstored'] as const)
      for (const [end] of pathsTo(phase))
        expect(isOpen({ phase: end, record: 'ours', work: 'over' })).toBe(false)
  })

  it('answers all questions in agreement', () => {
    for (const phase of phases)
      for (const record of Object.keys(recordTransitions) as (keyof typeof recordTransitions)[]) {
        const state = { phase, record, work: 'none' } as const
        const isLast = Object.keys(transitions[phase]).length === 0
        expect(isEnded(state), phase).toBe(isLast)
        if (isEnded(state)) expect(isReleased(state), phase).toBe(true)
        if (isReleased(state)) expect(canAnswer(state, false), phase).toBe(true)
        if (canAnswer(state, false)) expect(canAnswer(state, true), phase).toBe(true)
        if (isOpen(state)) expect([isLeft(state), isReleased(state)], phase).toEqual([false, false])
        // A caller who gets a ref can redeem it.
        if (isOpen(state)) expect(canAnswer(state, true), `${phase} ${record}`).toBe(record === 'ours')
        if (statusIn(phase) === 'processing') expect(isOpen(state), phase).toBe(true)
      }
  })
})

/** Lives through a story. @returns The transitions that its tasks took. */
async function live(story: () => Promise<void>): Promise<string[]> {
  vi.useFakeTimers()
  const taken: string[] = []
  const { to } = LiveTask.prototype
  const spy = vi.spyOn(LiveTask.prototype, 'to').mockImplementation(function (this: LiveTask, event) {
    const from = this.phase
    const changed = Reflect.apply(to, this, [event])
    if (changed) taken.push(`${from}: ${event} → ${this.phase}`)
    return changed
  })
  try {
    await story()
    return taken
  } finally {
    spy.mockRestore()
    vi.useRealTimers()
  }
}

describe('a task that lives through', () => {
  it.each(Object.entries(stories))('%s', async (_, story) => {
    expect((await live(story)).length).toBeGreaterThan(1)
  })

  it('all of these takes every transition of the table, and no other', async () => {
    const taken: string[] = []
    for (const story of Object.values(stories)) taken.push(...(await live(story)))
    const table = phases.flatMap((phase) =>
      Object.entries(transitions[phase]).map(([event, next]) => `${phase}: ${event} → ${next}`),
    )
    expect([...new Set(taken)].sort()).toEqual(table.sort())
  })
})
