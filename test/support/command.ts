import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { binary, type Ended } from './cli.js'
import { temporaryFolder } from './temporary-folder.js'

/** A command while it runs. */
export interface Running {
  process: ChildProcess
  /** What it has written, once that matches. Rejects with all of it when the command ends before. */
  says(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<string>
  ended: Promise<Ended>
}

/** Starts the binary with a data directory of its own. With the test it is told to end, if it has not ended by then. */
export function startCommand(home: string, args: string[], variables: NodeJS.ProcessEnv = {}): Running {
  return startProgram(process.execPath, [binary, ...args], home, variables)
}

/** The same for any other program. */
export function startProgram(
  program: string,
  args: string[],
  home: string,
  variables: NodeJS.ProcessEnv = {},
): Running {
  const child = spawn(program, args, {
    cwd: home,
    env: { ...process.env, RAINCHECK_HOME: `${home}/data`, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Ended = { stdout: '', stderr: '', exitCode: null }
  const looks = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
      for (const look of looks) look()
    })
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (exitCode) => resolve({ ...output, exitCode })),
  )
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const says = (stream: 'stdout' | 'stderr', pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => void (pattern.test(output[stream]) && resolve(output[stream]))
      looks.add(look)
      look()
      void ended.then((all) =>
        reject(new Error(`it ended before it said ${pattern}: ${JSON.stringify(all)}`)),
      )
    })
  return { process: child, says, ended }
}

/**
 * A new folder with a config file.
 * @param functions As they stand in its object of functions.
 * @param options Those of the file besides, with a comma after each.
 * @param before What the file begins with.
 */
export async function homeWithFunctions(functions: string, options = '', before = ''): Promise<string> {
  const home = await temporaryFolder()
  const text = `import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
${before}
export default { ${options} functions: { ${functions} } }
`
  await writeFile(join(home, 'raincheck.config.mjs'), text)
  return home
}

/** A function that tells its progress, and ends once there is a file of the path that is its input. */
export const gate = `gate: {
  asyncTimeout: '5s',
  run: async ({ path }, task) => {
    task.progress({ message: 'at the gate' })
    task.log('waits')
    while (!existsSync(path)) await sleep(20)
    task.log('goes')
    return 'open'
  },
},`
