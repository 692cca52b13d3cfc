import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { drivers } from '../../../src/stores/sqlite/driver.js'
import { sqliteFile } from '../../../src/stores/sqlite/file.js'
import { otherProgram } from '../../support/other-program.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

describe.skipIf(!isBuiltin('node:sqlite')).each(['thread', 'mainThread'] as const)(
  'what a file of SQLite in the %s is asked for in one turn of the loop',
  (name) => {
    const open = async () => {
      const path = join(await temporaryFolder(), 'a.db')
      const file = sqliteFile(path, drivers[name])
      onTestFinished(() => file.close())
      await file.query('CREATE TABLE notes (text UNIQUE)')
      const notes = async () =>
        (await file.query<{ text: string }>('SELECT text FROM notes ORDER BY text')).map(({ text }) => text)
      const write = (text: string) => file.query('INSERT INTO notes VALUES (?)', [text])
      return { path, file, notes, write }
    }

    it('is done in its order, and what fails costs the rest nothing', async () => {
      const { notes, write } = await open()
      const done = await Promise.allSettled(['a', 'b', 'a', 'c'].map(write))
      expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
      expect(done[2]).toMatchObject({
        reason: { message: expect.stringMatching(/^SQLITE_CONSTRAINT: UNIQUE/) },
      })
      expect(await notes()).toEqual(['a', 'b', 'c'])
    })

    it('is one transaction where it is one request: none of it is done when a part fails', async () => {
      const { file, notes, write } = await open()
      await write('a')
      const both = file.run(['b', 'a'].map((text) => ['INSERT INTO notes VALUES (?)', [text]] as const))
      const after = write('c')
      await expect(both).rejects.toThrow(/SQLITE_CONSTRAINT/)
      await after
      expect(await notes()).toEqual(['a', 'c'])
    })

    it('is more than one transaction takes, and is done all the same', async () => {
      const { notes, write } = await open()
      await Promise.all(Array.from({ length: 1_500 }, (_, n) => write(String(10_000 + n))))
      expect((await notes()).length).toBe(1_500)
    })

    it('waits for the lock of another process, while the loop turns and reads go on', async () => {
      const { path, notes, write } = await open()
      const other = await otherProgram(path)
      await other.exec("BEGIN IMMEDIATE; INSERT INTO notes VALUES ('theirs')")
      const writing = Promise.all(['a', 'b'].map(write))
      for (let turn = 0; turn < 50; turn++) {
        await new Promise((resolve) => setTimeout(resolve))
        expect(await notes()).toEqual([])
      }
      await other.exec('COMMIT')
      await writing
      expect(await notes()).toEqual(['a', 'b', 'theirs'])
    })

    it('is done before the close', async () => {
      const { file, notes, write } = await open()
      const writing = Promise.all(['a', 'b'].map(write))
      await file.close()
      await writing
      expect(await notes()).toEqual(['a', 'b'])
    })
  },
)
