import { expect, it } from 'vitest'
import { isAlive } from '../support/alive.js'
import { startFixture } from '../support/child.js'

it('a child of the pool that is busy ends with its parent', async () => {
  const parent = startFixture('exits-early.mjs')
  const child = await parent.next<number>('child')
  expect(await parent.exited).toBe(7)
  while (isAlive(child)) await new Promise((resolve) => setTimeout(resolve, 5))
})
