import { expect, it, onTestFinished, vi } from 'vitest'
import { dataDirectory } from '../../src/index.js'

it('the data directory is RAINCHECK_HOME, or else where the platform keeps data', () => {
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('RAINCHECK_HOME', '/somewhere/else')
  expect(dataDirectory()).toBe('/somewhere/else')
  vi.stubEnv('RAINCHECK_HOME', undefined)
  const platforms: Partial<Record<NodeJS.Platform, RegExp>> = {
    linux: /^\/.*\/raincheck$/,
    darwin: /Library\/Application Support\/raincheck$/,
    win32: /\\raincheck\\Data$/,
  }
  expect(dataDirectory()).toMatch(platforms[process.platform] ?? /raincheck/)
})
