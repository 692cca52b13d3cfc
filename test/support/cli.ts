import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The built binary; `npm test` builds before it runs the tests. */
export const binary = fileURLToPath(new URL('../../dist/program/cli/main.js', import.meta.url))
export const samples = fileURLToPath(new URL('../../../shared/samples/', import.meta.url))
export const documents = fileURLToPath(new URL('../../examples/documents/', import.meta.url))

export interface Ended {
  stdout: string
  stderr: string
  exitCode: number | null
}

/** Runs the binary to its end, with a data directory of its own. */
export function raincheck(home: string, args: string[], cwd = home): Promise<Ended> {
  return runToEnd(process.execPath, [binary, ...args], home, cwd)
}

export function runToEnd(command: string, args: string[], home: string, cwd = home): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, RAINCHECK_HOME: `${home}/data` },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended: Ended = { stdout: '', stderr: '', exitCode: null }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ended.stderr += text
    })
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ ...ended, exitCode }))
  })
}

/** The processes that work on a data directory: those that inherited its name in their environment (Linux). */
export function processesOf(home: string): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return ids.filter((id) => environmentOf(id).includes(`RAINCHECK_HOME=${home}/data\0`)).map(Number)
}

function environmentOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/environ`, 'latin1')
  } catch {
    // It has ended meanwhile, or is another user's.
    return ''
  }
}

/** Ends the worker of the data directory, which would otherwise stay for a while with nothing to do. */
export async function endWorker(home: string): Promise<void> {
  // One that has just been started has not said yet who it is.
  for (let told = 0; processesOf(home).length > 0; ) {
    told = await tellWorker(home, told)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** @returns Who was told last, which is told once: a second signal would end it at once. */
async function tellWorker(home: string, told: number): Promise<number> {
  try {
    const { pid } = JSON.parse(await readFile(`${home}/data/raincheck-worker.pid`, 'utf8')) as { pid: number }
    if (pid !== told) process.kill(pid, 'SIGTERM')
    return pid
  } catch {
    // It has ended by itself.
    return told
  }
}

/** Resolves when no process works on the data directory any more; the test's own timeout is the limit. */
export async function allGone(home: string): Promise<void> {
  while (processesOf(home).length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
}
