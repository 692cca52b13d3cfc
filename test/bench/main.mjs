// Prints what raincheck costs beside its peers. Each part has a process of its own, so that none warms up another.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

let missed = false
for (const part of ['memory', 'pending', 'sqlite', 'process-pool']) {
  const file = fileURLToPath(new URL(`./${part}.mjs`, import.meta.url))
  const { status } = spawnSync(process.execPath, ['--expose-gc', file], { stdio: 'inherit' })
  missed ||= status !== 0
}
process.exitCode = missed ? 1 : 0
