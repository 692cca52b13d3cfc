import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { childrenOf } from '../../../support/children-of.js'
import { processesOf } from '../../../support/cli.js'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Numbers from 0 to 1, the same for each seed. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

const kinds = ['workers', 'children', 'programs'] as const

/** Runs programs on a data directory, and kills them, its workers, and the children of both. */
export class Storm {
  /** How many of each were killed. */
  readonly kills = { workers: 0, children: 0, programs: 0 }
  /** The ids of all that were. */
  readonly killed = new Set<number>()
  readonly #programs = new Set<ChildProcess>()
  readonly #node: string
  readonly #home: string
  readonly #next: () => number

  /** @param next Says whom it hits. */
  constructor(node: string, home: string, next: () => number) {
    this.#node = node
    this.#home = home
    this.#next = next
  }

  /** Runs a program of Node. @returns Its stdout, or undefined when it was killed. */
  run(...args: string[]): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, RAINCHECK_HOME: `${this.#home}/data` }
      const program = spawn(this.#node, args, { cwd: this.#home, env, stdio: ['ignore', 'pipe', 'pipe'] })
      let [out, err] = ['', '']
      program.stdout.on('data', (text) => {
        out += text
      })
      program.stderr.on('data', (text) => {
        err += text
      })
      this.#programs.add(program)
      program.once('error', reject)
      program.once('close', (code, signal) => {
        this.#programs.delete(program)
        if (signal) resolve(undefined)
        else if (code === 0) resolve(out.trim())
        else reject(new Error(`${args.slice(0, 3).join(' ')} ended with ${code}: ${out}${err}`))
      })
    })
  }

  /** The same, once more each time that it was killed: equal keys are one task. */
  async untilNotKilled(...args: string[]): Promise<string> {
    for (;;) {
      const out = await this.run(...args)
      if (out !== undefined) return out
    }
  }

  /** Kills one process, as soon as there is one to be hit. */
  async strike(): Promise<void> {
    while (!(await this.#hit(this.#pick(kinds)))) await pause(20)
  }

  async #hit(kind: (typeof kinds)[number]): Promise<boolean> {
    const candidates = await this.#candidates(kind)
    const pid = candidates.length > 0 ? this.#pick(candidates) : undefined
    if (pid === undefined || this.killed.has(pid)) return false
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has just ended.
      return false
    }
    this.kills[kind]++
    this.killed.add(pid)
    return true
  }

  async #candidates(kind: (typeof kinds)[number]): Promise<number[]> {
    const programs = [...this.#programs].flatMap(({ pid }) => pid ?? [])
    if (kind === 'programs') return programs
    const workers = await this.#workers()
    return kind === 'workers' ? workers : [...workers, ...programs].flatMap(childrenOrNone)
  }

  /** A file may name one that has ended, and whose id another process has by now. */
  async #workers(): Promise<number[]> {
    try {
      const text = await readFile(`${this.#home}/data/raincheck-worker.pid`, 'utf8')
      const { pid } = JSON.parse(text) as { pid: number }
      return processesOf(this.#home).filter((one) => one === pid)
    } catch {
      return []
    }
  }

  #pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.#next() * all.length)] as T
  }
}

function childrenOrNone(pid: number): number[] {
  try {
    return childrenOf(pid)
  } catch {
    return []
  }
}
