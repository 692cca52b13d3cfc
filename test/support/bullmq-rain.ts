import { onTestFinished } from 'vitest'
import { bullmq } from '../../dist/bullmq/index.js'
import { createRaincheck, type RaincheckOptions } from '../../dist/index.js'
import { wrapAll } from '../fixtures/bullmq-wrap.mjs'
import { type Child, startFixture } from './child.js'

/** The functions of bullmq-functions.mjs, wrapped in this process. @param concurrency 0: they run elsewhere. */
export function openHere(url: `redis://${string}`, concurrency: number, options: RaincheckOptions = {}) {
  const backend = bullmq({ connection: url, concurrency })
  const rain = createRaincheck({ store: url, app: 'queued', backend, ...options })
  onTestFinished(() => rain.close({ drain: 0 }))
  return { rain, ...wrapAll(rain) }
}

/** The same in a process of its own. */
export async function startElsewhere(url: string, concurrency: number): Promise<Child> {
  const child = startFixture('bullmq-process.mjs', url, String(concurrency))
  await child.next('ready')
  return child
}
