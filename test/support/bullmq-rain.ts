import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { bullmq } from '../../dist/backends/bullmq/index.js'
import { createRaincheck, type RaincheckOptions } from '../../dist/index.js'
import { wrapAll } from '../fixtures/bullmq-wrap.mjs'
import { type Child, startFixture } from './child.js'
import { temporaryFolder } from './temporary-folder.js'

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

/** Files that a function notes in, and that it waits for. Only whole lines count: it may be looked at, or killed, while it writes. */
export async function files() {
  const folder = await temporaryFolder()
  const [notes, until] = [join(folder, 'notes'), join(folder, 'until')]
  const noted = () => (existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').slice(0, -1) : [])
  return { notes, until, noted, letGo: () => writeFile(until, '') }
}
