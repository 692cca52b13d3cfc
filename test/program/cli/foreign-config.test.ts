import { chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** Of nobody on most systems. */
const OTHER_USER = 65_534
const isRoot = process.getuid?.() === 0

/** A config file that belongs to another user, and leaves a trace where it is run; with a folder below it. */
async function foreignConfig() {
  const home = await temporaryFolder()
  const [config, below] = [join(home, 'raincheck.config.mjs'), join(home, 'below')]
  await writeFile(config, "console.error('it was run')\nexport default { functions: {} }\n")
  await chown(config, OTHER_USER, OTHER_USER)
  await mkdir(below)
  return { home, config, below }
}

it.skipIf(!isRoot)(
  `a config file of another user in a folder above is refused, and not run${isRoot ? '' : ' (only root can give a file away)'}`,
  async () => {
    const { home, config, below } = await foreignConfig()
    for (const args of [['status'], ['run', 'square'], ['mcp', below]]) {
      const { exitCode, stderr } = await raincheck(home, args, below)
      expect({ args, exitCode }).toEqual({ args, exitCode: 1 })
      expect(stderr).toBe(
        `raincheck: ${config} belongs to another user, and would be run; to use it, go to its folder\n`,
      )
    }
  },
)

it.skipIf(!isRoot)(
  `it is used by whoever goes to its folder${isRoot ? '' : ' (only root can give a file away)'}`,
  async () => {
    const { home } = await foreignConfig()
    const { exitCode, stderr } = await raincheck(home, ['status'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('it was run') })
  },
)
