import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'

/** The Nodes of this machine: the one that runs the tests, and those that RAINCHECK_NODES names. */
const nodes = [process.execPath, ...(process.env.RAINCHECK_NODES?.split(delimiter) ?? [])]

function hasSqlite(node: string): boolean {
  return (
    execFileSync(node, ['-p', "require('node:module').isBuiltin('node:sqlite')"], { encoding: 'utf8' }) ===
    'true\n'
  )
}

/** The newest with SQLite of its own, where there is one. */
export const newerNode = nodes.findLast(hasSqlite)

/** One without. */
export const olderNode = nodes.find((node) => !hasSqlite(node))
