import { execFile } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { processesOf } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** No example may take longer, in milliseconds; the test itself gets a little more, to say what was printed. */
const LONGEST_MS = 30_000
export const EXAMPLE_TEST_MS = LONGEST_MS + 5_000

export function exampleFile(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))
}

/** Runs an example as its reader would, and sees that it leaves nothing behind. @returns The lines that it printed. */
export async function runExample(name: string): Promise<string[]> {
  const home = await temporaryFolder()
  const temporary = `${home}/tmp`
  await mkdir(temporary)
  const env = { ...process.env, RAINCHECK_HOME: `${home}/data`, TMPDIR: temporary }
  // Rejects with what was printed when the exit code is not 0.
  const run = promisify(execFile)(process.execPath, [exampleFile(name)], {
    cwd: home,
    env,
    timeout: LONGEST_MS,
  })
  const { stdout, stderr } = await run
  expect(stderr).toBe('')
  expect(processesOf(home)).toEqual([])
  expect({ home: await readdir(home), temporary: await readdir(temporary) }).toEqual({
    ...{ home: ['tmp'], temporary: [] },
  })
  return stdout.trimEnd().split('\n')
}
