import { describe, expect, it } from 'vitest'
import { newRef } from '../../../src/core/words/ref.js'
import { isRef } from '../../../src/index.js'

describe('a ref', () => {
  it('is rc_ and 22 digits of base 62, each digit as likely as any other', () => {
    const refs = Array.from({ length: 20_000 }, () => newRef())
    expect(new Set(refs).size).toBe(refs.length)
    expect(refs.every(isRef)).toBe(true)
    const counts = new Map<string, number>()
    for (const digit of refs.flatMap((ref) => [...ref.slice(3)]))
      counts.set(digit, (counts.get(digit) ?? 0) + 1)
    expect(counts.size).toBe(62)
    // 440,000 draws: 7,097 of each expected, and a deviation of 10 % is eight times the standard one.
    for (const count of counts.values()) expect(Math.abs(count - 7_097)).toBeLessThan(710)
  })

  it.each([
    '',
    'rc_',
    'rc_12',
    `rc_${'0'.repeat(23)}`,
    `rc_${'-'.repeat(22)}`,
    `xx_${'0'.repeat(22)}`,
    5,
    undefined,
  ])('is not %j', (text) => expect(isRef(text)).toBe(false))
})
