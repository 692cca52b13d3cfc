import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'

const fixture = fileURLToPath(new URL('../fixtures/save-value.mjs', import.meta.url))

/** Saves so many bytes where no file may become larger than 8 or 16 MB (the unit differs by shell), as on a disk that is full. */
async function save(bytes: number) {
  const folder = await temporaryFolder()
  const limited = 'ulimit -f 16384 && exec "$0" "$@"'
  const args = ['-c', limited, process.execPath, fixture, join(folder, 'result.txt'), String(bytes)]
  const { stdout } = await promisify(execFile)('sh', args)
  return { result: JSON.parse(stdout), files: await readdir(folder) }
}

describe('a result that is saved where there is no room for it', () => {
  it('is told as an error, and leaves no part of it behind', async () => {
    const { result, files } = await save(40_000_000)
    expect(result.isError).toBe(true)
    expect(result.structuredContent.error.code).toBe('EFBIG')
    expect(files).toEqual([])
  })

  it('is saved where there is', async () => {
    const { result, files } = await save(1_000)
    expect(result.structuredContent).toMatchObject({ bytes: 1_000 })
    expect(files).toEqual(['result.txt'])
  })
})
