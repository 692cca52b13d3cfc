import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { createRaincheck, type Ref } from '../../../src/index.js'
import { binary, endWorker } from '../../support/cli.js'
import { times } from '../../support/long.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const TASKS = times(200, 20)
const LEAST_KILLS = times(30, 4)
const STRIKE_EVERY = 5
/** Commands that submit at once: as many as there are processors here. */
const AT_ONCE = 3

const library = pathToFileURL(join(binary, '../../../index.js')).href
const config = (runs: string) => `import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineConfig } from '${library}'
export default defineConfig({
  functions: {
    square: {
      asyncTimeout: '5s',
      ttl: '1h', // who gives it again, after a kill, gets the same task
      run: async ({ n }) => {
        appendFileSync('${runs}', n + ' ' + Date.now() + '\\n')
        await sleep(150 + (n % 7) * 60)
        return n * n
      },
    },
  },
})
`

/** The same numbers each time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

class Storm {
  readonly workerKills: number[] = []
  commandKills = 0
  readonly #commands = new Set<ChildProcess>()
  readonly #home: string
  readonly #next = random(7)

  constructor(home: string) {
    this.#home = home
  }

  /** Runs a command. @returns Its stdout, or undefined when it was killed. */
  run(args: string[]): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, RAINCHECK_HOME: `${this.#home}/data` }
      const stdio = ['ignore', 'pipe', 'pipe'] as const
      const command = spawn(process.execPath, [binary, ...args], { cwd: this.#home, env, stdio: [...stdio] })
      let [out, err] = ['', '']
      command.stdout?.on('data', (text) => {
        out += text
      })
      command.stderr?.on('data', (text) => {
        err += text
      })
      this.#commands.add(command)
      command.once('close', (code, signal) => {
        this.#commands.delete(command)
        if (signal) resolve(undefined)
        else if (code === 0) resolve(out.trim())
        else reject(new Error(`raincheck ${args[0]} ended with ${code}: ${out}${err}`))
      })
    })
  }

  /** Kills the worker, or now and then a command, as soon as there is one. */
  async strike(): Promise<void> {
    const kill = this.#next() < 0.3 ? () => this.#killCommand() : () => this.#killWorker()
    while (!(await kill())) await pause(20)
  }

  async #killCommand(): Promise<boolean> {
    const [command] = [...this.#commands]
    if (!command?.kill('SIGKILL')) return false
    this.commandKills++
    return true
  }

  async #killWorker(): Promise<boolean> {
    try {
      const text = await readFile(`${this.#home}/data/raincheck-worker.pid`, 'utf8')
      process.kill((JSON.parse(text) as { pid: number }).pid, 'SIGKILL')
    } catch {
      return false
    }
    this.workerKills.push(Date.now())
    return true
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** One that was killed is given again: equal keys are one task. */
async function untilNotKilled<T>(run: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const result = await run()
    if (result !== undefined) return result
  }
}

/** Strikes now and then, while others submit. */
async function submitAll(storm: Storm): Promise<string[]> {
  const refs: string[] = []
  let next = 0
  const lane = async () => {
    while (next < TASKS) {
      const n = next++
      refs[n] = await untilNotKilled(() =>
        storm.run(['run', 'square', JSON.stringify({ n }), '--background']),
      )
      if (n % STRIKE_EVERY === 0) await storm.strike()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return refs
}

it(`${TASKS} tasks are all done, and right, though worker and commands are killed ${LEAST_KILLS} times and more`, {
  timeout: 600_000,
}, async () => {
  const home = await temporaryFolder()
  const runs = join(home, 'runs.txt')
  await writeFile(runs, '')
  await writeFile(join(home, 'raincheck.config.mjs'), config(runs))
  const storm = new Storm(home)
  const refs = await submitAll(storm)
  await untilNotKilled(() => storm.run(['wait', ...refs]))
  const kills = storm.workerKills.length + storm.commandKills
  const rain = createRaincheck({ store: `sqlite:${home}/data/raincheck.db` })
  const answers = await Promise.all(refs.map((ref) => rain.poll<number>(ref as Ref<number>)))
  await rain.close()
  await endWorker(home)
  expect(answers.map((answer) => (answer.status === 'complete' ? answer.value : answer.status))).toEqual(
    Array.from({ length: TASKS }, (_, n) => n * n),
  )
  const { again, unexplained } = rerun(await readFile(runs, 'utf8'), storm.workerKills)
  console.info(
    `${TASKS} tasks; ${storm.workerKills.length} kills of the worker, ${storm.commandKills} of commands; ${again} runs again`,
  )
  expect(unexplained, 'a task runs again only after a kill').toEqual([])
  expect(kills).toBeGreaterThanOrEqual(LEAST_KILLS)
})

/** A child may begin what it was given while its parent is being killed. */
const LAST_BREATH_MS = 2_000

/** How many runs were not the first of their task, and those of them before which nothing was killed. */
function rerun(text: string, kills: readonly number[]): { again: number; unexplained: string[] } {
  const last = new Map<string, number>()
  const unexplained: string[] = []
  let again = 0
  for (const line of text.trim().split('\n')) {
    const [n = '', at = ''] = line.split(' ')
    const before = last.get(n)
    last.set(n, Number(at))
    if (before === undefined) continue
    again++
    if (!kills.some((kill) => kill >= before - LAST_BREATH_MS && kill <= Number(at))) unexplained.push(line)
  }
  return { again, unexplained }
}
