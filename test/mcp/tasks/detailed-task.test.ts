import { describe, expect, it } from 'vitest'
import type { Answer, FailedAnswer, LiveAnswer, Ref } from '../../../src/index.js'
import { detailedTask } from '../../../src/mcp/tasks/detailed-task.js'

const base = { ref: 'rc_one' as Ref<unknown>, name: 'f', title: 'f', createdAt: 1_000, startedAt: 2_000 }
const how = { untrusted: false, text: undefined }
const told = (answer: Answer<unknown>, retention = 60_000) => detailedTask(answer, retention, how)

function failed(code: string | undefined): FailedAnswer<unknown> {
  const error = { name: 'Error', message: 'it broke', attempts: [], ...(code === undefined ? {} : { code }) }
  return { ...base, status: 'failed', error, retryable: false, settledAt: 3_000 }
}

describe('a task on the wire', () => {
  it.each([
    ['-32603', -32_603],
    ['-32000', -32_000],
    ['-32768', -32_768],
    ['INTERRUPTED', -32_603],
  ])('has failed by the protocol with the code %s', (code, expected) => {
    const { error, result, status, statusMessage } = told(failed(code))
    expect({ error, status, statusMessage }).toEqual({
      error: { code: expected, message: 'it broke' },
      ...{ status: 'failed', statusMessage: 'it broke' },
    })
    expect(result).toBeUndefined()
  })

  it.each([[undefined], ['ENOENT'], ['TIMEOUT'], ['CRASHED'], ['-31999'], ['-32769'], ['-32000.5'], ['']])(
    'is completed with an error of its function for the code %s',
    (code) => {
      expect(told(failed(code))).toMatchObject({
        ...{ status: 'completed', statusMessage: 'it broke' },
        result: { isError: true, resultType: 'complete' },
      })
      expect(told(failed(code))).not.toHaveProperty('error')
    },
  )

  it('counts its time to live from the creation, in whole milliseconds, the retention from its end', () => {
    const settled: Answer<unknown> = { ...base, status: 'cancelled', settledAt: 3_000.4 }
    expect(told(settled, 60_000.5)).toMatchObject({
      ...{ ttlMs: 62_001, createdAt: '1970-01-01T00:00:01.000Z', lastUpdatedAt: '1970-01-01T00:00:03.000Z' },
    })
    expect(told(settled, Number.POSITIVE_INFINITY).ttlMs).toBeNull()
  })

  it('says how far it is', () => {
    const live = (progress: LiveAnswer<unknown>['progress']): Answer<unknown> => ({
      ...{ ...base, status: 'processing', pollAfterMs: 500.2 },
      ...(progress ? { progress } : {}),
    })
    expect(told(live(undefined))).toMatchObject({ status: 'working', pollIntervalMs: 501 })
    expect(told(live(undefined))).not.toHaveProperty('statusMessage')
    const messageOf = (progress: LiveAnswer<unknown>['progress']) => told(live(progress)).statusMessage
    expect(messageOf({ percentage: 33.3, message: 'page 1' })).toBe('33 %: page 1')
    expect(messageOf({ step: 'reading' })).toBe('reading')
    expect(messageOf({ percentage: 50 })).toBe('50 %')
    expect(messageOf({ current: 1 })).toBeUndefined()
  })
})
