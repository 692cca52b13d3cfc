// tsc leaves the output of removed sources behind, and the package would ship it.
import { rmSync } from 'node:fs'

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })
