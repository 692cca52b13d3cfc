import { readFileSync } from 'node:fs'

/** Whether a process of this id runs. One that has ended and whom nobody has asked for its exit code does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return !isZombie(pid)
}

/** Only Linux tells; elsewhere a process that was left behind is taken in at once. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
