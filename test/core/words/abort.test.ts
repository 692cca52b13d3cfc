import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { onSignal } from '../../../src/core/words/abort.js'

const count = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

describe('onSignal', () => {
  it('calls each listener once at the abort, and listens once for all of them', () => {
    const controller = new AbortController()
    const listeners = Array.from({ length: 1_000 }, () => vi.fn())
    for (const listener of listeners) onSignal(controller.signal, listener)
    expect(count(controller.signal)).toBe(1)
    controller.abort()
    for (const listener of listeners) expect(listener).toHaveBeenCalledTimes(1)
    expect(count(controller.signal)).toBe(0)
  })

  it('calls back at once when the signal has aborted', () => {
    const listener = vi.fn()
    onSignal(AbortSignal.abort(), listener)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('leaves no listener once all have ended, and listens again for the next', () => {
    const controller = new AbortController()
    const [one, other] = [vi.fn(), vi.fn()]
    const ends = [onSignal(controller.signal, one), onSignal(controller.signal, other)]
    ends[0]?.()
    expect(count(controller.signal)).toBe(1)
    ends[1]?.()
    ends[1]?.()
    expect(count(controller.signal)).toBe(0)
    const next = vi.fn()
    onSignal(controller.signal, next)
    controller.abort()
    expect([one, other, next].map(({ mock }) => mock.calls.length)).toEqual([0, 0, 1])
  })

  it('does not call a listener that another one has ended', () => {
    const controller = new AbortController()
    const second = vi.fn()
    let endSecond = () => {}
    onSignal(controller.signal, () => endSecond())
    endSecond = onSignal(controller.signal, second)
    controller.abort()
    expect(second).not.toHaveBeenCalled()
  })
})
