import { startFixture } from './child.js'

/** Another process that has a file open. In this one it would be a second copy of SQLite, which breaks the locks of the first. */
export async function otherProgram(path: string) {
  const child = startFixture('other-program.mjs', path)
  await child.next('ready')
  const exec = async <Columns = unknown>(sql: string): Promise<Columns[]> => {
    child.send({ sql })
    const rows = await child.next<Columns[] | string>('rows')
    if (typeof rows === 'string') throw new Error(rows)
    return rows
  }
  const close = async () => {
    child.process.disconnect()
    await child.exited
  }
  return { exec, close }
}
