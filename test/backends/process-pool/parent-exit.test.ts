import { expect, it } from 'vitest'
import { isAlive } from '../../support/alive.js'
import { startFixture } from '../../support/child.js'

async function ended(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5))
}

it('a child of the pool that is busy ends with its parent', async () => {
  const parent = startFixture('exits-early.mjs', 'exits')
  const child = await parent.next<number>('child')
  expect(await parent.exited).toBe(7)
  await ended(child)
})

it('and when its parent is killed', async () => {
  const parent = startFixture('exits-early.mjs', 'stays')
  const child = await parent.next<number>('child')
  parent.process.kill('SIGKILL')
  expect(await parent.exited).toBe(null)
  await ended(child)
})
