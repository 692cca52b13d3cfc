import { describe, expect, it, vi } from 'vitest'
import { Life } from '../support/faulty-life.js'
import { type Fault, kinds, type StoreTraits } from '../support/faulty-stores.js'
import { isLong } from '../support/long.js'
import { type Scenario, scenarios } from './faults/scenarios.js'

const own: [string, StoreTraits] = ['own records', { shared: false, keepsValues: false }]
const shared: [string, StoreTraits][] = [
  ['shared records', { shared: true, keepsValues: false }],
  ['shared records with their values', { shared: true, keepsValues: true }],
]

async function live(scenario: Scenario, traits: StoreTraits, fault?: Fault): Promise<readonly string[]> {
  vi.useFakeTimers()
  // The jitter of retry delays: none, so that each life makes the same calls.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0)
  const life = new Life(traits, fault)
  try {
    await scenario.live(life)
    await life.end()
    return [...life.calls]
  } finally {
    life.leave()
    random.mockRestore()
    vi.useRealTimers()
  }
}

interface Row {
  scenario: Scenario
  traits: StoreTraits
  /** The calls that the stores get in a life without faults. */
  calls: readonly string[]
}

const table = await (async () => {
  const rows: [name: string, Row][] = []
  for (const [name, scenario] of Object.entries(scenarios))
    for (const [kind, traits] of scenario.shared ? shared : [own, ...shared])
      rows.push([`${name}, ${kind}`, { scenario, traits, calls: await live(scenario, traits) }])
  return rows
})()

/** Each of those calls with each fault that it can have, and what both are called in a message. */
function faultsOf(calls: readonly string[]): [string, Fault][] {
  const tried = [...calls.entries()].filter(([at]) => isLong || !isAmongEqual(calls, at))
  return tried.flatMap(([at, name]) =>
    kinds
      .filter((kind) => kind !== 'answers false' || name === 'values.set')
      .map((kind): [string, Fault] => [`${name} (${at + 1} of ${calls.length}) ${kind}`, { at, kind }]),
  )
}

/** A process that waits makes one call again and again: of those the short form tries the first and the last. */
function isAmongEqual(calls: readonly string[], at: number): boolean {
  return calls[at - 1] === calls[at] && calls[at + 1] === calls[at]
}

it('each scenario uses the stores', () => {
  for (const [name, { calls }] of table) expect(faultsOf(calls).length, name).toBeGreaterThan(10)
})

it('a value that goes along with the settling is written by nothing else', () => {
  for (const [name, { traits, calls }] of table)
    if (traits.keepsValues) expect(calls, name).not.toContain('values.set')
})

describe('whichever call of the stores goes wrong, and however, nothing is lost by it', () => {
  // Some live more than a thousand lives.
  it.each(table)('%s', { timeout: 120_000 }, async (_, { scenario, traits, calls }) => {
    const failed: [string, unknown][] = []
    const faults = faultsOf(calls)
    for (const [told, fault] of faults) {
      try {
        const had = await live(scenario, traits, fault)
        expect(had.length, 'the call was reached').toBeGreaterThan(fault.at)
      } catch (error) {
        failed.push([told, error])
      }
    }
    if (failed.length > 0) throw new LivesFailed(failed, faults.length)
  })
})

/** Names each call and fault that a life did not survive; the first of their errors tells where. */
class LivesFailed extends Error {
  constructor(failed: [string, unknown][], lives: number) {
    const lines = failed.map(([told, error]) => `  ${told}: ${String(error).split('\n')[0]}`)
    super(`${failed.length} of ${lives} lives failed:\n${lines.join('\n')}`, { cause: failed[0]?.[1] })
  }
}
