import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** The most memory that the children of this process have had, in MB; undefined where the system does not tell (only Linux does). */
export class ChildrenMemory {
  readonly #timer = setInterval(() => this.#look(), 20)
  #peak = 0

  /** Forgets what was before. */
  reset(): void {
    this.#peak = 0
    // 5 resets the peak that the kernel keeps.
    for (const pid of children()) ignoreEnded(() => writeFileSync(`/proc/${pid}/clear_refs`, '5'))
  }

  get peak(): number | undefined {
    this.#look()
    return existsSync('/proc/self/status') ? this.#peak : undefined
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    for (const pid of children())
      ignoreEnded(() => {
        const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
        this.#peak = Math.max(this.#peak, Math.round(Number(kilobytes ?? 0) / 1024))
      })
  }
}

function children(): string[] {
  if (!existsSync('/proc/self/task')) return []
  const tasks = readdirSync('/proc/self/task')
  return tasks.flatMap((task) =>
    (ignoreEnded(() => readFileSync(`/proc/self/task/${task}/children`, 'utf8')) ?? '')
      .split(/\s+/)
      .filter(Boolean),
  )
}

function ignoreEnded<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
