import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { createRaincheck, type Ref } from '../../../src/index.js'
import { fixture } from '../../support/child.js'
import { binary, endWorker } from '../../support/cli.js'
import { isLong, times } from '../../support/long.js'
import { newerNode, olderNode } from '../../support/nodes.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { random, Storm } from './kills/storm.js'

const TASKS = times(1_000, 24)
/** How many of them are given by one program of the library; each other one by a command. */
const BATCH = times(35, 8)
/** Commands that give one task each, between two such programs. */
const COMMANDS = times(15, 24)
const STRIKE_EVERY = 4
const LEAST_KILLS = times(60, 4)
/** Programs that run at once: as many as there are processors here, and one. */
const AT_ONCE = 3
/** Another one each time it is run by hand: RAINCHECK_SEED=… */
const SEED = Number(process.env.RAINCHECK_SEED ?? 7)

/** The long form runs on both drivers, where RAINCHECK_NODES names Nodes that have them. */
const nodes = isLong ? [olderNode, newerNode].flatMap((node) => node ?? []) : [process.execPath]

const library = pathToFileURL(join(binary, '../../../index.js')).href
const config = (runs: string) => `import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineConfig } from '${library}'
const parent = process.ppid // later it may be gone
export default defineConfig({
  concurrency: 4,
  functions: {
    square: {
      asyncTimeout: '5s',
      ttl: '1h', // who gives it again, after a kill, gets the same task
      retries: 20, // of which each child that is killed takes one
      retryDelay: '10ms',
      run: async ({ n }) => {
        appendFileSync('${runs}', [n, process.pid, parent].join(' ') + '\\n')
        await sleep(20 + (n % 7) * 20)
        return n * n
      },
    },
  },
})
`

interface Home {
  path: string
  config: string
  runs: string
}

async function newHome(): Promise<Home> {
  const path = await temporaryFolder()
  const home = { path, config: join(path, 'raincheck.config.mjs'), runs: join(path, 'runs.txt') }
  await writeFile(home.runs, '')
  await writeFile(home.config, config(home.runs))
  return home
}

type Part = [from: number, to: number]

/** Which numbers each program gives: some commands with one, then one of the library with many. */
function parts(): Part[] {
  const all: Part[] = []
  for (let from = 0; from < TASKS; ) {
    const size = all.length % (COMMANDS + 1) === COMMANDS ? BATCH : 1
    all.push([from, Math.min(TASKS, from + size)])
    from += size
  }
  return all
}

function give(storm: Storm, home: Home, [from, to]: Part): Promise<string> {
  if (to - from === 1)
    return storm.untilNotKilled(binary, 'run', 'square', JSON.stringify({ n: from }), '--background')
  return storm.untilNotKilled(fixture('producer.mjs'), home.config, String(from), String(to))
}

/** Strikes now and then, while programs give tasks, and others look at them. */
async function giveAll(storm: Storm, home: Home): Promise<string[]> {
  const all = parts()
  const given: string[][] = []
  let next = 0
  const lane = async () => {
    while (next < all.length) {
      const at = next++
      const part = all[at] as Part
      given[at] = (await give(storm, home, part)).split(' ')
      if (at % STRIKE_EVERY === 0) await Promise.all([storm.run(binary, 'status'), storm.strike()])
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return given.flat()
}

async function valuesOf(home: Home, refs: readonly string[]): Promise<unknown[]> {
  const rain = createRaincheck({ store: `sqlite:${home.path}/data/raincheck.db` })
  const answers = await Promise.all(refs.map((ref) => rain.poll<number>(ref as Ref<number>)))
  await rain.close()
  return answers.map((answer) => (answer.status === 'complete' ? answer.value : answer))
}

it.each(nodes)(
  `${TASKS} tasks are all done, and right, though workers, commands and children are killed ${LEAST_KILLS} times and more, on %s`,
  { timeout: 900_000 },
  async (node) => {
    const home = await newHome()
    const storm = new Storm(node, home.path, random(SEED))
    const startedAt = Date.now()
    const refs = await giveAll(storm, home)
    await storm.untilNotKilled(binary, 'wait', ...refs)
    const took = Math.round((Date.now() - startedAt) / 1_000)
    const values = await valuesOf(home, refs)
    await endWorker(home.path)
    const { again, unexplained } = rerun(await readFile(home.runs, 'utf8'), storm.killed)
    const { workers, children, programs } = storm.kills
    const killed = `${workers} workers, ${children} children and ${programs} programs were killed`
    console.info(`${TASKS} tasks in ${took} s, seed ${SEED}: ${killed}; ${again} runs again`)
    expect(values, `seed ${SEED}`).toEqual(Array.from({ length: TASKS }, (_, n) => n * n))
    expect(unexplained, `seed ${SEED}: a task runs again only after a kill`).toEqual([])
    expect(workers + children + programs, `seed ${SEED}`).toBeGreaterThanOrEqual(LEAST_KILLS)
  },
)

/** How many runs were not the first of their task, and those whose run before was not killed, nor the parent of that. */
function rerun(text: string, killed: ReadonlySet<number>): { again: number; unexplained: string[] } {
  const last = new Map<string, string>()
  const unexplained: string[] = []
  let again = 0
  for (const line of text.trim().split('\n')) {
    const [n = '', ...processes] = line.split(' ')
    const before = last.get(n)
    last.set(n, processes.join(' '))
    if (before === undefined) continue
    again++
    // One whose parent was killed before it had loaded the function is a child of the first process.
    if (!before.split(' ').some((pid) => pid === '1' || killed.has(Number(pid))))
      unexplained.push(`${line} after ${before}`)
  }
  return { again, unexplained }
}
