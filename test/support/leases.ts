import { sqliteFile } from '../../src/stores/sqlite/file.js'

/** Ends the leases of all processes on a SQLite store, which run for 15 s after their last sign of life. */
export async function endLeases(path: string): Promise<void> {
  const file = sqliteFile(path)
  await file.query('UPDATE raincheck_leases SET until = 0')
  await file.close()
}
