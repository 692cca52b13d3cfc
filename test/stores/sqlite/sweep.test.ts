import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { sqliteDriver } from '../../../src/stores/sqlite/driver.js'
import { sqliteFile } from '../../../src/stores/sqlite/file.js'
import { sweep } from '../../../src/stores/sqlite/statements.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

it('a sweep by expiry and by age finds tasks by an index each, and reads no others', async () => {
  const file = sqliteFile(join(await temporaryFolder(), 'tasks.db'), sqliteDriver())
  onTestFinished(() => file.close())
  const statement = sweep('expires_at <= ?', 'settled_at < ?')
  const steps = await file.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${statement}`, [1, 1])
  const reads = steps.map(({ detail }) => detail).filter((detail) => /raincheck_tasks/.test(detail))
  expect(reads.filter((detail) => !detail.startsWith('SEARCH'))).toEqual([])
  expect(reads.join()).toMatch(/raincheck_expiry.*raincheck_settled/)
})
