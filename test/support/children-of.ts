import { readdirSync, readFileSync } from 'node:fs'

/** Ids of the processes that a process has started (Linux). */
export function childrenOf(pid: number): number[] {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const text = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')).join(' ')
  return text.split(/\s+/).filter(Boolean).map(Number)
}
