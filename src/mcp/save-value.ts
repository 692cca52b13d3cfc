import { open, rm } from 'node:fs/promises'
import { RaincheckError } from '../core/words/errors.js'
import { textOf, type ValueText } from './value-result.js'

/**
 * Writes a value to a new file, for its owner alone: a text as it is, bytes as they are, all else as it reads.
 * @returns The size of the file.
 * @throws RaincheckError `INVALID_INPUT` when the file exists, also as a link to nowhere.
 */
export async function saveValue(path: string, value: unknown, text: ValueText | undefined): Promise<number> {
  const data = value instanceof Uint8Array ? value : Buffer.from(textOf(value, text))
  const file = await create(path)
  try {
    await file.writeFile(data)
    return data.byteLength
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

async function create(path: string) {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') throw error
    throw new RaincheckError('INVALID_INPUT', `saveTo: ${path} exists already; name a file that does not`)
  }
}
