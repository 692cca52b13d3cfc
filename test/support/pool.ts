import { onTestFinished } from 'vitest'
// The built package: a child process of the pool cannot load TypeScript.
import { createRaincheck, fromModule, type ProcessPoolOptions, processPool } from '../../dist/index.js'

const module = new URL('../fixtures/pool-work.mjs', import.meta.url)
type Work = Record<string, (input?: unknown) => Promise<unknown>>

/** A raincheck on a process pool; `wrap` wraps an export of the fixture. */
export function poolOf(options: ProcessPoolOptions = { size: 1 }) {
  const pool = processPool(options)
  const rain = createRaincheck({ backend: pool })
  onTestFinished(() => rain.close({ drain: 0 }))
  const work = (exportName: string) => fromModule<Work>(module, exportName)
  const wrap = (exportName: string, more: object = {}) =>
    rain.cached({ name: exportName, asyncTimeout: '1m', ...more })(work(exportName))
  return { pool, rain, wrap, work }
}
