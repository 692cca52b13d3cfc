import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whenDone } from './when-done.js'

/** A new folder that is removed when the test has ended. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'raincheck-test-')))
  whenDone(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}
