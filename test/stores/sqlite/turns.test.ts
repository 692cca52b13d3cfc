import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { type Child, startFixture, startFixtureOn } from '../../support/child.js'
import { newerNode as newer, olderNode as older } from '../../support/nodes.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

type Start = (path: string) => Child
const start =
  (execPath: string | undefined, ...execArgv: string[]): Start =>
  (path) =>
    startFixtureOn({ ...(execPath === undefined ? {} : { execPath }), execArgv }, 'turns.mjs', path)

interface Ready {
  hasSqlite: boolean
}

describe('processes with different drivers on one file', () => {
  it.skipIf(newer === undefined)('take turns: one Node with its own SQLite, and with @keyv/sqlite', () =>
    takeTurns(start(newer), start(newer, '--no-experimental-sqlite')),
  )

  it.skipIf(newer === undefined || older === undefined)(
    'take turns: the Nodes that RAINCHECK_NODES names, with SQLite of their own and without',
    () => takeTurns(start(newer), start(older)),
  )
})

async function takeTurns(...starts: [Start, Start]): Promise<void> {
  const path = join(await temporaryFolder(), 'a.db')
  const [one, other] = starts.map((begin) => begin(path)) as [Child, Child]
  expect((await one.next<Ready>('ready')).hasSqlite).toBe(true)
  expect((await other.next<Ready>('ready')).hasSqlite).toBe(false)
  for (let turn = 0; turn < 5; turn++)
    for (const [writer, reader] of [
      [one, other],
      [other, one],
    ] as const)
      await keepAndRedeem(writer, reader, [`turn ${turn} of ${writer.process.pid}`])
  const many = [one, other].map(({ process }) => Array.from({ length: 60 }, (_, n) => `${process.pid}: ${n}`))
  await Promise.all([
    keepAndRedeem(one, other, many[0] as string[]),
    keepAndRedeem(other, one, many[1] as string[]),
  ])
  for (const child of [one, other]) {
    child.send({ end: true })
    expect(await child.next('errors')).toEqual([])
    expect(await child.exited).toBe(0)
  }
}

async function keepAndRedeem(writer: Child, reader: Child, values: string[]): Promise<void> {
  writer.send({ values })
  const refs = await writer.next('kept')
  reader.send({ refs })
  expect(await reader.next('redeemed')).toEqual(values)
}

it('a value is readable by a Keyv with @keyv/sqlite, in another process', async () => {
  const path = join(await temporaryFolder(), 'a.db')
  const rain = createRaincheck({ store: `sqlite:${path}`, app: 'test' })
  const { ref } = await rain.cached({ name: 'f', asyncTimeout: '20s' })(async () => ({ text: 'ünïcödé' }))()
  const text = await startFixture('keyv-reader.mjs', path, ref).next<string>('value')
  expect(text).toContain('ünïcödé')
  await rain.close()
})
