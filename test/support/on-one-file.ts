import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createFor } from '../../src/create-raincheck.js'
import type { Raincheck } from '../../src/index.js'
import { heldFunction } from './rain.js'
import { temporaryFolder } from './temporary-folder.js'

/** Makes rainchecks as of several processes on one file, each from the config file that is given. */
export async function processes() {
  const path = join(await temporaryFolder(), 'a.db')
  const rains: Raincheck[] = []
  onTestFinished(async () => {
    await Promise.all(rains.map((rain) => rain.close({ drain: 0 })))
  })
  return (config?: string) => {
    const rain = createFor(config, { store: `sqlite:${path}`, app: 'test', concurrency: 2 })
    rains.push(rain)
    return rain
  }
}

/** A function that runs until the test ends it, handed off at once. */
export function held(rain: Raincheck, options: object = {}) {
  const { work, ...rest } = heldFunction<number>()
  return { call: rain.cached({ name: 'f', asyncTimeout: 0, ...options })(work), ...rest }
}
