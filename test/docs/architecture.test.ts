import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import { expect, it } from 'vitest'
import { transitions } from '../../src/core/task/state.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(`${root}docs/architecture.md`, 'utf8')

it('the diagram in architecture.md shows the table of transitions', () => {
  const arrows = page.matchAll(/^ {2}([a-z_]+) --> ([a-z_]+): ([a-z-]+)$/gm)
  // Mermaid takes no hyphens in the names of states.
  const shown = [...arrows].map(([, from, to, event]) => `${from} ${event} ${to}`.replaceAll('_', '-'))
  const table = Object.entries(transitions).flatMap(([from, events]) =>
    Object.entries(events).map(([event, to]) => `${from} ${event} ${to}`),
  )
  expect(shown.sort()).toEqual(table.sort())
})

it('every file and folder that architecture.md names exists', () => {
  const files = globSync('{src,test}/**/*.ts', { cwd: root })
  const names = [...page.matchAll(/`((?:[a-z-]+\/)*[a-z-]+\.ts|(?:[a-z-]+\/)+[a-z-]+)`/g)].map(
    ([, name]) => name as string,
  )
  expect(names.length).toBeGreaterThan(40)
  const missing = names.filter((name) =>
    name.endsWith('.ts')
      ? !files.some((file) => file.endsWith(`/${name}`))
      : !['', 'src/'].some((before) => existsSync(root + before + name)),
  )
  expect(missing).toEqual([])
})

it('rules.md lists every rule once, in order, with a test or as coming', () => {
  const rules = readFileSync(`${root}docs/rules.md`, 'utf8')
    .split(/^- \*\*R/m)
    .slice(1)
  expect(rules.map((rule) => Number.parseInt(rule, 10))).toEqual(rules.map((_, at) => at + 1))
  expect(rules).toHaveLength(31)
  for (const rule of rules) expect(rule).toMatch(/\(\.\.\/test\/[\w/-]+\.test\.ts\)|_Coming/)
})
