import { describe, expect, it } from 'vitest'
import { parseDuration } from '../../../src/core/words/duration.js'

const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) })

describe('a duration', () => {
  it.each([
    [0, 0],
    [1.5, 1.5],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['250ms', 250],
    ['5s', 5_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%j is %d ms', (text, ms) => expect(parseDuration('x', text)).toBe(ms))

  it.each([-1, Number.NaN, '', '5', '5 minutes', '-5s', 's', null, {}, [], true])(
    '%j is refused',
    (value) => {
      expect(() => parseDuration('the option', value)).toThrow(
        refusal(/^the option must be milliseconds .* got /),
      )
    },
  )
})
