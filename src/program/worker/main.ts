// The detached worker: what `startWorker` starts. Its only argument is the SQLite file.
import { packageVersion } from '../../package-version.js'
import { removeOldCode } from './code-folder.js'
import { runWorker } from './worker.js'

/** Long enough for the next command of a person or a script; then it is gone. */
const IDLE_MS = 5_000

const [store = ''] = process.argv.slice(2)
const ending = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort())
const version = packageVersion()
await removeOldCode(version)
await runWorker({ store, version, idleMs: IDLE_MS, signal: ending.signal })
