import { describe, expect, it, vi } from 'vitest'
import { Life } from '../support/faulty-life.js'
import { type Fault, kinds } from '../support/faulty-stores.js'
import { type Scenario, scenarios } from './faults/scenarios.js'

async function live(scenario: Scenario, shared: boolean, fault?: Fault): Promise<readonly string[]> {
  vi.useFakeTimers()
  // The jitter of retry delays: none, so that each life makes the same calls.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0)
  const life = new Life(shared, fault)
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

/** Each call that the stores get in a life without faults, with each fault that it can have. */
async function faultsOf(scenario: Scenario, shared: boolean): Promise<[string, string, Fault][]> {
  const calls = await live(scenario, shared)
  return [...calls.entries()].flatMap(([at, name]) =>
    kinds
      .filter((kind) => kind !== 'answers false' || name === 'values.set')
      .map((kind): [string, string, Fault] => [`${name} (${at + 1} of ${calls.length})`, kind, { at, kind }]),
  )
}

const table = await (async () => {
  const rows: { name: string; scenario: Scenario; shared: boolean; faults: [string, string, Fault][] }[] = []
  for (const [name, scenario] of Object.entries(scenarios))
    for (const shared of scenario.shared ? [true] : [false, true]) {
      const faults = await faultsOf(scenario, shared)
      rows.push({ name: `${name}, ${shared ? 'shared records' : 'own records'}`, scenario, shared, faults })
    }
  return rows
})()

it('each scenario uses the stores', () => {
  for (const { name, faults } of table) expect(faults.length, name).toBeGreaterThan(10)
})

describe.each(table)('R18: $name', ({ scenario, shared, faults }) => {
  it.each(faults)('%s %s', async (_, __, fault) => {
    const calls = await live(scenario, shared, fault)
    expect(calls.length, 'the call was reached').toBeGreaterThan(fault.at)
  })
})
