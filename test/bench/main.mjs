// Prints what raincheck costs beside its peers: `name, ours, theirs, ratio, target`.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

let missed = false
for (const part of [
  'memory',
  'pending',
  'scaling',
  'sqlite',
  'process-pool',
  'small',
  'convert',
  'convert-batch',
  'convert-child',
  'mcp',
  'mcp-tasks',
  'mcp-start',
  'startup',
  'http',
  'bullmq',
]) {
  const file = fileURLToPath(new URL(`./${part}.mjs`, import.meta.url))
  const { status } = spawnSync(process.execPath, ['--expose-gc', file], { stdio: 'inherit' })
  missed ||= status !== 0
}
process.exitCode = missed ? 1 : 0
