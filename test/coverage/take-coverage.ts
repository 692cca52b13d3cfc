import { takeCoverage } from 'node:v8'
import { afterAll } from 'vitest'

// The processes of the suite are ended by signals, at which Node writes nothing.
afterAll(() => takeCoverage())
