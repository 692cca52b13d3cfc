import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryPointsOf } from './entry-points.js'
import { INSTALL_MS, manifest, newProject, nodes, type Project } from './project.js'

/*
 * The package as strangers have it: packed, and installed from its tarball into an empty project, with install scripts on. Run by
 * `.ci/run` on each Node that RAINCHECK_NODES names, and by `npm run install-test` on the one that is there.
 */

const MOST_PACKAGES = 50
const MOST_BYTES = 32_000_000

let project: Project

beforeAll(async () => {
  project = await newProject()
  await project.install(project.tarball)
}, INSTALL_MS)

afterAll(() => project.remove())

interface Installed {
  packages: Record<string, { hasInstallScript?: boolean }>
}

describe('npm install', () => {
  it(`brings at most ${MOST_PACKAGES} packages, and none with an install script`, async () => {
    const lock = join(project.folder, 'node_modules/.package-lock.json')
    const { packages } = JSON.parse(await readFile(lock, 'utf8')) as Installed
    const names = Object.keys(packages)
    expect(names).toContain('node_modules/raincheck')
    expect(names.length).toBeLessThanOrEqual(MOST_PACKAGES)
    expect(names.filter((name) => packages[name]?.hasInstallScript)).toEqual([])
  })

  it(`brings at most ${MOST_BYTES / 1e6} MB`, async () => {
    const size = await sizeOf(join(project.folder, 'node_modules'))
    expect(size).toBeGreaterThan(1_000_000)
    expect(size).toBeLessThanOrEqual(MOST_BYTES)
  })
})

/** Of all files in a folder, in bytes. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

describe.each(nodes)('installed without peers, on Node $version', (node) => {
  it('every entry point loads', () => entryPointsOf(project, node))

  it('the binary runs, on that Node', async () => {
    expect(await project.raincheck(node, '--version')).toEqual({
      ...{ stdout: `${manifest.version}\n`, stderr: '', exitCode: 0 },
    })
    expect((await project.raincheck(node, 'formats')).stdout).toContain('.docx')
    expect(await project.raincheck(node, 'convert', 'page.html', '--stdout')).toMatchObject({
      ...{ stdout: '# Rain\n\nIt fell.\n', exitCode: 0 },
    })
    expect((await project.raincheck(node, 'doctor')).stdout).toContain(
      `raincheck: ${manifest.version}, on Node ${node.version}\n`,
    )
  })

  const worksAlone = async () => {
    const path = join(project.folder, `${node.version}.db`)
    expect(await project.run(node, 'installed-store.mjs', path)).toEqual({
      ...{ node: node.version, status: 'complete', value: 144 },
    })
    expect(await project.raincheck(node, 'doctor')).toMatchObject({
      ...{ stdout: expect.stringContaining('ok    SQLite driver: node:sqlite\n'), exitCode: 0 },
    })
  }

  const saysWhatIsMissing = async () => {
    const remedy = 'run `npm install raincheck @keyv/sqlite`, or use Node 22.13 or later'
    expect(await project.run(node, 'installed-store.mjs', join(project.folder, 'none.db'))).toEqual({
      ...{ node: node.version, code: 'MISSING_PEER', message: expect.stringContaining(remedy) },
    })
    const { stderr, ...ended } = await project.raincheck(node, 'status')
    expect(ended).toEqual({ stdout: '', exitCode: 1 })
    expect(stderr.split('\n')).toEqual([expect.stringContaining(remedy), ''])
  }

  if (node.hasSqlite) it('SQLite works with nothing else', worksAlone)
  else it('SQLite needs a peer: no crash, and one line with the remedy', saysWhatIsMissing)

  it('what needs a peer says which, at its first use', async () => {
    const needsQueue = {
      code: 'MISSING_PEER',
      message: expect.stringContaining('npm install bullmq ioredis'),
    }
    expect(await project.run(node, 'peers-in-use.mjs')).toEqual({
      store: { code: 'MISSING_PEER', message: expect.stringContaining('npm install @keyv/redis') },
      ...{ queue: needsQueue, inspected: needsQueue },
    })
  })
})
