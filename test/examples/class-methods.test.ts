import { expect, it } from 'vitest'
import { EXAMPLE_TEST_MS, runExample } from './run-example.js'

it(
  'the methods of the example are cached for each object, by its instance or by its scope and key',
  async () => {
    expect(await runExample('class-methods.mjs')).toEqual([
      'Bergen: 11, again 11; Cairo: 31; each was measured once',
      'another one for Cairo: 31, which it need not measure',
      'ann had 100 in May; ann had 100 in May; bob had 5 in May',
      'after a deposit: ann had 120 in May',
      'a long one: processing, then complete: bob had 5 in June',
      'bob has the tasks bob, June and bob, May; for ann their refs are unknown',
    ])
  },
  EXAMPLE_TEST_MS,
)
