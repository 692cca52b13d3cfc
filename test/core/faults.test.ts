import { describe, expect, it, vi } from 'vitest'
import { Life } from '../support/faulty-life.js'
import { type Fault, kinds, type StoreTraits } from '../support/faulty-stores.js'
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

/** Each call that the stores get in a life without faults, with each fault that it can have. */
async function faultsOf(scenario: Scenario, traits: StoreTraits): Promise<[string, string, Fault][]> {
  const calls = await live(scenario, traits)
  return [...calls.entries()].flatMap(([at, name]) =>
    kinds
      .filter((kind) => kind !== 'answers false' || name === 'values.set')
      .map((kind): [string, string, Fault] => [`${name} (${at + 1} of ${calls.length})`, kind, { at, kind }]),
  )
}

const table = await (async () => {
  const rows: { name: string; scenario: Scenario; traits: StoreTraits; faults: [string, string, Fault][] }[] =
    []
  for (const [name, scenario] of Object.entries(scenarios))
    for (const [kind, traits] of scenario.shared ? shared : [own, ...shared]) {
      const faults = await faultsOf(scenario, traits)
      rows.push({ name: `${name}, ${kind}`, scenario, traits, faults })
    }
  return rows
})()

it('each scenario uses the stores', () => {
  for (const { name, faults } of table) expect(faults.length, name).toBeGreaterThan(10)
})

it('R10: a value that goes along with the settling is written by nothing else', () => {
  for (const { name, traits, faults } of table)
    if (traits.keepsValues)
      expect(
        faults.map(([call]) => call),
        name,
      ).not.toContainEqual(expect.stringMatching('values.set'))
})

describe.each(table)('R18: $name', ({ scenario, traits, faults }) => {
  it.each(faults)('%s %s', async (_, __, fault) => {
    const calls = await live(scenario, traits, fault)
    expect(calls.length, 'the call was reached').toBeGreaterThan(fault.at)
  })
})
