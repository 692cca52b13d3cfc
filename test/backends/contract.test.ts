import { describe, it } from 'vitest'
// The built package: a child process of the pool cannot load TypeScript.
import { inProcess } from '../../dist/backends/in-process.js'
import { processPool } from '../../dist/index.js'
import { backendContract } from '../../dist/testing/index.js'

const all = { perScope: true, rateLimit: true }
backendContract(
  { describe, it },
  { name: 'in-process', ...all, make: () => ({ backend: inProcess({ concurrency: 2 }) }) },
)
backendContract(
  { describe, it },
  { name: 'process pool', ...all, make: () => ({ backend: processPool({ size: 2 }) }) },
)
