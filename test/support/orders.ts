import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createRaincheck, type Raincheck, type TaskHandle } from '../../src/index.js'

/** Two rainchecks on one store, as two processes have them; in memory both are the same. */
export async function openAsking(kind: 'memory' | 'sqlite') {
  const folder = await mkdtemp(join(tmpdir(), 'raincheck-asks-'))
  const all: Raincheck[] = []
  const another = () => {
    const rain = createRaincheck({
      app: 'asks',
      ...(kind === 'sqlite' ? { store: `sqlite:${join(folder, 'store.db')}` } : {}),
    })
    all.push(rain)
    return rain
  }
  onTestFinished(async () => {
    await Promise.all(all.map((rain) => rain.close({ drain: 0 })))
    await rm(folder, { recursive: true })
  })
  return { rain: another(), another }
}

/** A run of the function, and what it was answered. */
export interface Run {
  attempt: number
  answers: unknown[]
}

/** Orders a shirt: asks for its colour and, when it has that, for its size. */
export function wrapOrder(rain: Raincheck, runs: Run[] = []) {
  return rain.cached({ name: 'order', asyncTimeout: '5s', ttl: '1h' })(
    async (item: string, task: TaskHandle) => {
      const run: Run = { attempt: task.attempt, answers: [] }
      runs.push(run)
      run.answers.push(await task.ask('colour', { message: `Which colour has the ${item}?` }))
      run.answers.push(await task.ask('size', { message: 'Which size?' }))
      return `${item}: ${run.answers.join(', ')}`
    },
  )
}
