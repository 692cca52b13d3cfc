import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StoredTask } from '../../../src/core/words/task-store.js'
import { sqliteFile } from '../../../src/stores/sqlite/file.js'
import { sqliteTaskStore } from '../../../src/stores/sqlite/sqlite.js'
import { joining, storedTask } from '../../../src/testing/stored-task.js'
import { endWorker, raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const TASKS = 12

/** A data directory of which every other task has lost its process, all having run; its queue is paused, so that they stay so. */
async function homeWithInterrupted(): Promise<{ home: string; held: string[]; interrupted: string[] }> {
  const home = await temporaryFolder()
  await raincheck(home, ['queue', 'pause'])
  const file = sqliteFile(join(home, 'data/raincheck.db'))
  const store = sqliteTaskStore(file)
  const tasks = Array.from({ length: TASKS }, (_, at) =>
    storedTask({ createdAt: 1_000 + at, owner: at % 2 === 0 ? 'alive' : 'gone' }),
  )
  for (const task of tasks) {
    await store.start(task, joining())
    await store.update(task.ref, 1, { status: 'processing' })
  }
  await store.renew('alive', 60_000)
  await file.close()
  const newest = [...tasks].reverse()
  const of = (owner: string) =>
    newest.filter((task: StoredTask) => task.owner === owner).map(({ ref }) => ref)
  return { home, held: of('alive'), interrupted: of('gone') }
}

describe('tasks whose process has ended', () => {
  it('are found by the status that they show, as many as there are', async () => {
    const { home, held, interrupted } = await homeWithInterrupted()
    const found = async (...args: string[]) => {
      const { stdout } = await raincheck(home, ['status', 'all', ...args, '--json'])
      return (JSON.parse(stdout) as { ref: string; status: string }[]).map(
        ({ ref, status }) => `${ref} ${status}`,
      )
    }
    const pending = interrupted.map((ref) => `${ref} pending`)
    expect(await found('--status', 'pending')).toEqual(pending)
    expect(await found('--status', 'pending', '--limit', '4')).toEqual(pending.slice(0, 4))
    expect(await found('--status', 'processing')).toEqual(held.map((ref) => `${ref} processing`))
    const { stdout } = await raincheck(home, ['queue', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ waiting: TASKS / 2, running: TASKS / 2, paused: true })
    await endWorker(home)
  })
})
