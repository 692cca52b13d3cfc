import { expect } from 'vitest'
import { manifest, type Project, type TestedNode } from './project.js'

const entryPoints = Object.keys(manifest.exports).filter((name) => name !== './package.json')

/** Checks that every entry point of the installed package loads, on a Node. */
export async function entryPointsOf(project: Project, node: TestedNode): Promise<void> {
  const told = (await project.run(node, 'entry-points.mjs')) as {
    node: string
    names: Record<string, string[]>
  }
  expect(told.node).toBe(node.version)
  expect(Object.keys(told.names)).toEqual(entryPoints)
  for (const [entry, names] of Object.entries(told.names)) expect(names.length, entry).toBeGreaterThan(0)
}
